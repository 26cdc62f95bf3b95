using Granary.Memcached.Server;
using Granary.Memcached.Sessions;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Memcached.Tests.Doubles;

/// <summary>Whether what a client sends makes garbage, on this silo's shards.</summary>
internal static class SessionAllocations
{
    private const int Rounds = 2_000;

    /// <summary>Sends it again and again; each time all of it is answered.</summary>
    public static void AssertNone(byte[] input)
    {
        using var cache = new TestCache();
        var gateway = new GatewayState(cache.Local, new GatewayOptions(), new FakeTimeProvider());
        using var session = new Session(gateway, gateway.AddCounters(), static () => { });
        var output = new OutputBuffer();
        Run(session, input, output);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(session, input, output);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Run(Session session, byte[] input, OutputBuffer output)
    {
        for (int round = 0; round < Rounds; round++)
        {
            SessionStatus status = session.Process(input, output, out int consumed);
            if (status != SessionStatus.NeedInput || consumed != input.Length)
            {
                Assert.Fail($"{status} after {consumed} of {input.Length} bytes");
            }

            output.Clear();
        }
    }
}
