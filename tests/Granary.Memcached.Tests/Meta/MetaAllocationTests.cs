using System.Text;
using Granary.Memcached.Tests.Doubles;

namespace Granary.Memcached.Tests.Meta;

/// <summary>Meta commands on this silo's shards make no garbage.</summary>
public sealed class MetaAllocationTests
{
    [Theory]
    [InlineData("mg k v|mg k v f s t c k O1 h l q|mg no q|mg Zm9v b k v|mg k T100 R50 u|mg n N30|me k|mn|")]
    [InlineData("ms k 2 c k s T50 F3 C1 I|ab|ms k 1 E9|5|ma k v c t q|ma m N30 J5|md k I C9|md m q|ms Zm9v 1 b q|a|")]
    [InlineData("mg k v v|ms k 2 z|ab|mg k b|ma k z|")]
    public void Commands_OnThisSilo_AllocateNothing(string commands) => SessionAllocations.AssertNone(
        Encoding.ASCII.GetBytes("set k 0 0 2\r\nab\r\n" + commands.Replace("|", "\r\n", StringComparison.Ordinal)));
}
