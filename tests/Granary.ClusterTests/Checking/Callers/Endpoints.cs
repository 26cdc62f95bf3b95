using System.Net;

namespace Granary.ClusterTests.Checking.Callers;

/// <summary>The memcached end points that new connections go to, as a service's would be: whoever starts or stops a
/// silo sets them. Thread-safe.</summary>
internal sealed class Endpoints
{
    private volatile IPEndPoint[] _current = [];

    public IPEndPoint[] Current => _current;

    /// <param name="endpoints">At least one.</param>
    public void Set(params IEnumerable<IPEndPoint> endpoints)
    {
        IPEndPoint[] next = [.. endpoints];
        _current = next.Length > 0 ? next : throw new ArgumentException("There is no end point.", nameof(endpoints));
    }
}
