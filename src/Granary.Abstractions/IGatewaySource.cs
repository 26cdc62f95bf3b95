namespace Granary;

/// <summary>Of a client that learns from the cluster where its gateways are.</summary>
public interface IGatewaySource
{
    /// <summary>Learns it again. For who calls silos without a part of the client that notices when gateways change.</summary>
    void Refresh();
}
