// The enums of the declarations are compiled into generator and runtime alike, so one of the two needs another root.
// The generator compiles a part of the build's task too.
extern alias build;
extern alias generator;

#pragma warning disable IDE0005 // The stages of the generator are in scope everywhere here, whether or not a test names a type of each.

global using generator::Mlp.Generator;
global using generator::Mlp.Generator.Advice;
global using generator::Mlp.Generator.Diagnostics;
global using generator::Mlp.Generator.Emit;
global using generator::Mlp.Generator.Model;
global using generator::Mlp.Generator.Parsing;
global using BuildFile = build::Mlp.Build.WeightsFile;
global using BuildVerdict = build::Mlp.Build.WeightsVerdict;
global using generator::Mlp.Build;
global using ModelActivation = generator::Mlp.Activation;
global using ModelInitializer = generator::Mlp.Initializer;
global using ModelLoss = generator::Mlp.LossFunction;
global using ModelNormalization = generator::Mlp.Normalization;
global using ModelColumnRole = generator::Mlp.Generator.Model.ColumnRole;
