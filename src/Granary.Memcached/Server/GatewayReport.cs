using Granary.Reports;

namespace Granary.Memcached.Server;

/// <summary>Tells those who watch the silo of its memcached clients.</summary>
internal sealed class GatewayReport(MemcachedGateway gateway) : IReportSource
{
    /// <inheritdoc/>
    public SiloReport Extend(SiloReport report, ReportParts parts) =>
        report with { MemcachedConnections = gateway.State.Clients.Present };
}
