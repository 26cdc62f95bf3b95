namespace Granary.Administration.State;

/// <summary>How long a silo's operations take.</summary>
/// <param name="Local">Those that it executes itself.</param>
/// <param name="Forwarded">Those that other silos execute for it.</param>
/// <param name="Replicated">How much longer its changes take because they wait for their replicas.</param>
public sealed record SiloLatency(LatencyState Local, LatencyState Forwarded, LatencyState Replicated);
