using Granary.Administration.State;

namespace Granary.Administration.Tests.State;

public sealed class KeyTextTests
{
    [Theory]
    [InlineData(new byte[] { 0x61, 0x3a, 0xc3, 0xa4 }, "a:ä", false)]
    [InlineData(new byte[] { 0x61, 0x0a }, "YQo=", true)] // a control character would break the line
    [InlineData(new byte[] { 0xff, 0xfe }, "//4=", true)]
    public void Key_IsATextOrBase64(byte[] key, string text, bool isBinary)
    {
        Assert.Equal(text, KeyText.Of(key, out bool found));
        Assert.Equal(isBinary, found);
    }
}
