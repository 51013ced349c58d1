namespace Mlp.Runtime.Tests.Numerics;

public class PhiloxTests
{
    [Theory]
    [InlineData(0ul, 0ul, 0ul, 0x6627E8D5u, 0xE169C58Du, 0xBC57AC4Cu, 0x9B00DBD8u)]
    [InlineData(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, 0x408F276Du, 0x41C83B0Eu, 0xA20BC7C6u, 0x6D5451FDu)]
    [InlineData(0x299F31D0_A4093822ul, 0x85A308D3_243F6A88ul, 0x03707344_13198A2Eul, 0xD16CFE09u, 0x94FDCCEBu, 0x5001E420u, 0x24126EA1u)]
    public void Block_GivesTheKnownAnswers(ulong key, ulong counterLow, ulong counterHigh, uint word0, uint word1, uint word2, uint word3) =>
        Assert.Equal((word0, word1, word2, word3), Philox.Block(key, counterLow, counterHigh));
}
