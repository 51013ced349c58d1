// The enums of the declarations are compiled into generator and runtime alike, so one of the two needs another root.
extern alias generator;

global using generator::Mlp.Generator;
global using generator::Mlp.Generator.Diagnostics;
