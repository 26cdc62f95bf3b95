using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;

namespace Granary.Memcached.Server;

/// <summary>
/// The memcached port as metrics: the loops' own counters, read when somebody asks. A hosted service only to be there
/// from the start on.
/// </summary>
internal sealed class GatewayMeter : IHostedService
{
    private const string Name = "Granary.Memcached";

    private readonly Meter _meter;
    private readonly GatewayState _gateway;

    public GatewayMeter(IMeterFactory meters, MemcachedGateway gateway)
    {
        _meter = meters.Create(Name); // the factory's to dispose
        _gateway = gateway.State;
        AddCommands();
        AddConnections();
        AddAccess();
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void AddCommands()
    {
        Count("commands", "{command}", "Commands of memcached clients; of a get each key counts.", static sum =>
        [
            new(sum.CmdGet, Tag("command", "get")),
            new(sum.CmdSet, Tag("command", "set")),
            new(sum.CmdTouch, Tag("command", "touch")),
            new(sum.CmdFlush, Tag("command", "flush")),
            new(sum.DeleteHits + sum.DeleteMisses, Tag("command", "delete")),
            new(sum.IncrHits + sum.IncrMisses, Tag("command", "incr")),
            new(sum.DecrHits + sum.DecrMisses, Tag("command", "decr")),
        ]);
        Count("gets", "{key}", "Keys asked for, wherever they are, by whether they were there.", static sum =>
        [
            new(sum.GetHits, Tag("result", "hit")),
            new(sum.GetMisses, Tag("result", "miss")),
        ]);
        Count("errors", "{command}", "Commands that were refused.", static sum =>
        [
            new(sum.ProtocolErrors, Tag("reason", "protocol")), // not as the protocol has it
            new(sum.TooLarge, Tag("reason", "too_large")), // longer than --max-item
            new(sum.NoMemory, Tag("reason", "no_memory")), // no room, or too much waits for another silo
        ]);
        Count("remote_operations", "{operation}", "Operations that another silo had to execute.", static sum => [new(sum.RemoteOperations)]);
        Count("received", "By", "Read from clients.", static sum => [new(sum.BytesRead)]);
        Count("sent", "By", "Written to clients.", static sum => [new(sum.BytesWritten)]);
    }

    private void AddConnections()
    {
        Level("connections", "{connection}", "Clients that are connected.", () => _gateway.Clients.Present);
        Level("connections.limit", "{connection}", "Most at the same time (--max-connections).", () => _gateway.Options.MaxConnections);
        Level("buffered", "By", "Unfinished commands and answers not taken.", () => _gateway.Budget.UsedBytes);
        Level("buffered.limit", "By", "The bound of those.", () => _gateway.Options.MaxBufferedBytes);
        _meter.CreateObservableCounter(
            "granary.memcached.connections.accepted", () => _gateway.Clients.Total, "{connection}", "Connections accepted.");
        _meter.CreateObservableCounter(
            "granary.memcached.connections.rejected",
            () => _gateway.Clients.Refused,
            "{connection}",
            "Connections refused because there were too many.");
        _meter.CreateObservableCounter<long>(
            "granary.memcached.connections.ended",
            () => [new(_gateway.IdleKicks, Tag("reason", "idle")), new(_gateway.AgedConnections, Tag("reason", "age"))],
            "{connection}",
            "Connections that the silo has ended.");
    }

    private void AddAccess()
    {
        Count("authentications", "{attempt}", "User names with passwords that were checked, where clients have to authenticate.", static sum =>
        [
            new(sum.AuthCommands - sum.AuthErrors, Tag("result", "success")),
            new(sum.AuthErrors, Tag("result", "failure")),
        ]);
        _meter.CreateObservableCounter(
            "granary.memcached.authentication.timeouts",
            () => _gateway.AuthenticationTimeouts,
            "{connection}",
            "Connections closed because they did not authenticate in time.");
        _meter.CreateObservableCounter<long>(
            "granary.memcached.handshakes",
            () =>
            [
                new(_gateway.Handshakes.Succeeded, Tag("result", "success")),
                new(_gateway.Handshakes.Failed, Tag("result", "failure")),
                new(_gateway.Handshakes.Refused, Tag("result", "refused")), // too many at once
            ],
            "{handshake}",
            "TLS handshakes.");
    }

    private void Count(string name, string unit, string description, Func<GatewayCounters, Measurement<long>[]> read) =>
        _meter.CreateObservableCounter(
            $"granary.memcached.{name}", () => read(_gateway.SumCounters()), unit, description);

    private void Level(string name, string unit, string description, Func<long> read) =>
        _meter.CreateObservableGauge($"granary.memcached.{name}", read, unit, description);

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
