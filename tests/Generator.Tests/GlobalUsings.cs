// The enums of the declarations are compiled into generator and runtime alike, so one of the two needs another root.
extern alias generator;

#pragma warning disable IDE0005 // The stages of the generator are in scope everywhere here, whether or not a test names a type of each.

global using generator::Mlp.Generator;
global using generator::Mlp.Generator.Diagnostics;
global using generator::Mlp.Generator.Emit;
global using generator::Mlp.Generator.Model;
global using generator::Mlp.Generator.Parsing;
global using ModelActivation = generator::Mlp.Activation;
global using ModelInitializer = generator::Mlp.Initializer;
global using ModelLoss = generator::Mlp.LossFunction;
global using ModelNormalization = generator::Mlp.Normalization;
global using ModelColumnRole = generator::Mlp.Generator.Model.ColumnRole;
