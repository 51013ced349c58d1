// The enums of the declarations are compiled into generator and runtime alike, so one of the two needs another root.
extern alias generator;

#pragma warning disable IDE0005 // For the harness of the generator's tests, which is compiled here too.

global using generator::Mlp.Generator;
global using generator::Mlp.Generator.Advice;
global using generator::Mlp.Generator.Diagnostics;
