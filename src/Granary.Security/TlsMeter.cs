using System.Diagnostics.Metrics;

namespace Granary.Security;

/// <summary>Handshakes by how they ended, and how long the certificate still is valid.</summary>
internal sealed class TlsMeter
{
    public const string Accepted = "accepted";
    public const string Failed = "failed";
    public const string TimedOut = "timed_out";
    public const string TooMany = "too_many";

    /// <summary>The name of the meter.</summary>
    public const string Name = "Granary.Security";

    private readonly Counter<long> _handshakes;

    public TlsMeter(IMeterFactory meters, TlsCredentials credentials, TimeProvider time)
    {
        Meter meter = meters.Create(Name); // the factory's to dispose
        _handshakes = meter.CreateCounter<long>(
            "granary.tls.handshakes", "{handshake}", "Handshakes of Orleans' connections, by how they ended.");
        meter.CreateObservableGauge(
            "granary.tls.certificate.remaining",
            () => (credentials.Current.Expiry - time.GetUtcNow()).TotalSeconds,
            "s",
            "Time for which the certificate of this silo still is valid; negative when it no longer is.");
    }

    public void Count(string result) => _handshakes.Add(1, new KeyValuePair<string, object?>("result", result));
}
