using Mlp.Runtime.Tests.Training;

namespace Mlp.Runtime.Tests.Serialization;

/// <summary>A file as version 0.1.0 wrote it: batch normalization, a slope, and standardised inputs.</summary>
internal static class FirstFormat
{
    public static NetworkLayout Layout { get; } = Layouts.Full();

    public static byte[] File => Convert.FromBase64String("""
        4AIAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJmb3JtYXQiOiJtbHBnZW4iLCJhcmNoaXRlY3R1cmUiOiJJbnB1dCgyLCBTdGFuZGFyZGl6ZSkgRGVuc2UoMywgUFJlbHUsIEFscGhh
        ID0gMC4yNSwgTm9ybWFsaXphdGlvbiA9IEJhdGNoLCBOb3JtYWxpemF0aW9uRXBzaWxvbiA9IDFFLTA1KSIsInNlZWQiOiIzIiwiaW5wdXRfbWVhbnMiOiIwLjUgLTAuMzMzMzMz
        MzQiLCJpbnB1dF9zY2FsZXMiOiIwLjEgMC4wMDIifSwiTGF5ZXIxLndlaWdodCI6eyJkdHlwZSI6IkYzMiIsInNoYXBlIjpbMywyXSwiZGF0YV9vZmZzZXRzIjpbMCwyNF19LCJM
        YXllcjEuYmlhcyI6eyJkdHlwZSI6IkYzMiIsInNoYXBlIjpbM10sImRhdGFfb2Zmc2V0cyI6WzI0LDM2XX0sIkxheWVyMS5ub3JtLndlaWdodCI6eyJkdHlwZSI6IkYzMiIsInNo
        YXBlIjpbM10sImRhdGFfb2Zmc2V0cyI6WzM2LDQ4XX0sIkxheWVyMS5ub3JtLmJpYXMiOnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6WzNdLCJkYXRhX29mZnNldHMiOls0OCw2MF19
        LCJMYXllcjEucHJlbHUud2VpZ2h0Ijp7ImR0eXBlIjoiRjMyIiwic2hhcGUiOlsxXSwiZGF0YV9vZmZzZXRzIjpbNjAsNjRdfSwiTGF5ZXIxLm5vcm0ucnVubmluZ19tZWFuIjp7
        ImR0eXBlIjoiRjMyIiwic2hhcGUiOlszXSwiZGF0YV9vZmZzZXRzIjpbNjQsNzZdfSwiTGF5ZXIxLm5vcm0ucnVubmluZ192YXIiOnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6WzNd
        LCJkYXRhX29mZnNldHMiOls3Niw4OF19fSAgICAgJUkSPiVJEj8lSZI+bts2P7dt2z63bVs/AACAPyVJkj9JkqQ/btu2P5IkyT+3bds/27btPwAAAECSJAlAJUkSQAAAAACamZm+
        AAAAAAAAgD8AAIA/lb/WMw==
        """);
}
