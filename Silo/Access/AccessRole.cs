namespace Granary.Silo.Access;

/// <summary>What a holder of a token may do; each may also do what those before it may.</summary>
internal enum AccessRole
{
    /// <summary>Read metrics and the depths of queues: for Prometheus and autoscalers.</summary>
    Metrics,

    /// <summary>Look at everything: the console, the dashboard.</summary>
    Viewer,

    /// <summary>Act in the console: redrive, purge and pause queues, drain silos.</summary>
    Operator,
}
