using Granary.Security.Transport;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Security.Tests;

public sealed class OnceInAWhileTests
{
    [Fact]
    public void Time_ComesAtOnceAndAfterEachPause()
    {
        FakeTimeProvider time = new();
        OnceInAWhile warnings = new(TimeSpan.FromMinutes(1), time);

        bool[] first = [warnings.IsTime(), warnings.IsTime()];
        time.Advance(TimeSpan.FromSeconds(59));
        bool early = warnings.IsTime();
        time.Advance(TimeSpan.FromSeconds(1));
        bool[] next = [warnings.IsTime(), warnings.IsTime()];

        Assert.Equal([true, false], first);
        Assert.False(early);
        Assert.Equal([true, false], next);
    }
}
