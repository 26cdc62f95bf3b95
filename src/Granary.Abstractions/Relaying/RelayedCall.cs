using Granary.Reports;
using Granary.Shards;
using Granary.Wire;

namespace Granary.Relaying;

/// <summary>
/// A call of <see cref="ICacheSiloService"/> as a message body: a silo that cannot reach another one sends it through a
/// third, which makes the call and passes the result on, with nothing read or decided there.
/// </summary>
[GenerateSerializer, Immutable, Alias("granary.RelayedCall")]
public abstract record RelayedCall
{
    /// <summary>Makes the call.</summary>
    /// <param name="service">Of the silo that the call is for.</param>
    /// <returns>Its result; <see langword="null"/> for a call that has none.</returns>
    public abstract ValueTask<object?> InvokeAsync(ICacheSiloService service);

    /// <summary><see cref="ICacheSiloService.ExecuteAsync"/>.</summary>
    [GenerateSerializer, Immutable, Alias("granary.RelayedCall.Execute")]
    public sealed record Execute([property: Id(0)] WireBytes Batch) : RelayedCall
    {
        /// <inheritdoc/>
        public override async ValueTask<object?> InvokeAsync(ICacheSiloService service) =>
            await service.ExecuteAsync(Batch);
    }

    /// <summary><see cref="ICacheSiloService.OpenReadAsync"/>.</summary>
    [GenerateSerializer, Immutable, Alias("granary.RelayedCall.OpenRead")]
    public sealed record OpenRead([property: Id(0)] PagedReadRequest Request) : RelayedCall
    {
        /// <inheritdoc/>
        public override async ValueTask<object?> InvokeAsync(ICacheSiloService service) =>
            await service.OpenReadAsync(Request);
    }

    /// <summary><see cref="ICacheSiloService.ReadPageAsync"/>.</summary>
    [GenerateSerializer, Immutable, Alias("granary.RelayedCall.ReadPage")]
    public sealed record ReadPage([property: Id(0)] long Transfer, [property: Id(1)] int Offset) : RelayedCall
    {
        /// <inheritdoc/>
        public override async ValueTask<object?> InvokeAsync(ICacheSiloService service) =>
            await service.ReadPageAsync(Transfer, Offset);
    }

    /// <summary><see cref="ICacheSiloService.OpenWriteAsync"/>.</summary>
    [GenerateSerializer, Immutable, Alias("granary.RelayedCall.OpenWrite")]
    public sealed record OpenWrite([property: Id(0)] PagedWriteRequest Request) : RelayedCall
    {
        /// <inheritdoc/>
        public override async ValueTask<object?> InvokeAsync(ICacheSiloService service) =>
            await service.OpenWriteAsync(Request);
    }

    /// <summary><see cref="ICacheSiloService.WritePageAsync"/>.</summary>
    [GenerateSerializer, Immutable, Alias("granary.RelayedCall.WritePage")]
    public sealed record WritePage(
        [property: Id(0)] long Transfer, [property: Id(1)] int Offset, [property: Id(2)] WireBytes Page) : RelayedCall
    {
        /// <inheritdoc/>
        public override async ValueTask<object?> InvokeAsync(ICacheSiloService service) =>
            await service.WritePageAsync(Transfer, Offset, Page);
    }

    /// <summary><see cref="ICacheSiloService.CloseTransferAsync"/>.</summary>
    [GenerateSerializer, Immutable, Alias("granary.RelayedCall.CloseTransfer")]
    public sealed record CloseTransfer([property: Id(0)] long Transfer) : RelayedCall
    {
        /// <inheritdoc/>
        public override async ValueTask<object?> InvokeAsync(ICacheSiloService service)
        {
            await service.CloseTransferAsync(Transfer);
            return null;
        }
    }

    /// <summary><see cref="ICacheSiloService.FlushAsync"/>.</summary>
    [GenerateSerializer, Immutable, Alias("granary.RelayedCall.Flush")]
    public sealed record Flush([property: Id(0)] long AtUnixMilliseconds) : RelayedCall
    {
        /// <inheritdoc/>
        public override async ValueTask<object?> InvokeAsync(ICacheSiloService service) =>
            await service.FlushAsync(AtUnixMilliseconds);
    }

    /// <summary><see cref="ICacheSiloService.DropTagsAsync"/>.</summary>
    [GenerateSerializer, Immutable, Alias("granary.RelayedCall.DropTags")]
    public sealed record DropTags([property: Id(0)] ulong[] Tags) : RelayedCall
    {
        /// <inheritdoc/>
        public override async ValueTask<object?> InvokeAsync(ICacheSiloService service) =>
            await service.DropTagsAsync(Tags);
    }

    /// <summary><see cref="ICacheSiloService.DropPrefixAsync"/>.</summary>
    [GenerateSerializer, Immutable, Alias("granary.RelayedCall.DropPrefix")]
    public sealed record DropPrefix([property: Id(0)] byte[] Prefix) : RelayedCall
    {
        /// <inheritdoc/>
        public override async ValueTask<object?> InvokeAsync(ICacheSiloService service) =>
            await service.DropPrefixAsync(Prefix);
    }

    /// <summary><see cref="ICacheSiloService.InquireAsync"/>.</summary>
    [GenerateSerializer, Immutable, Alias("granary.RelayedCall.Inquire")]
    public sealed record Inquire([property: Id(0)] ShardInquiry Inquiry) : RelayedCall
    {
        /// <inheritdoc/>
        public override async ValueTask<object?> InvokeAsync(ICacheSiloService service) =>
            await service.InquireAsync(Inquiry);
    }

    /// <summary><see cref="ICacheSiloService.AnnounceAsync"/>.</summary>
    [GenerateSerializer, Immutable, Alias("granary.RelayedCall.Announce")]
    public sealed record Announce([property: Id(0)] ShardAnnouncement Announcement) : RelayedCall
    {
        /// <inheritdoc/>
        public override async ValueTask<object?> InvokeAsync(ICacheSiloService service) =>
            await service.AnnounceAsync(Announcement);
    }

    /// <summary><see cref="ICacheSiloService.CopyAsync"/>.</summary>
    [GenerateSerializer, Immutable, Alias("granary.RelayedCall.Copy")]
    public sealed record Copy([property: Id(0)] CopyBatch Batch) : RelayedCall
    {
        /// <inheritdoc/>
        public override async ValueTask<object?> InvokeAsync(ICacheSiloService service) =>
            await service.CopyAsync(Batch);
    }

    /// <summary><see cref="ICacheSiloService.DrainAsync"/>.</summary>
    [GenerateSerializer, Immutable, Alias("granary.RelayedCall.Drain")]
    public sealed record Drain([property: Id(0)] SiloAddress Silo) : RelayedCall
    {
        /// <inheritdoc/>
        public override async ValueTask<object?> InvokeAsync(ICacheSiloService service) =>
            await service.DrainAsync(Silo);
    }

    /// <summary><see cref="ICacheSiloService.DescribeAsync"/>.</summary>
    [GenerateSerializer, Immutable, Alias("granary.RelayedCall.Describe")]
    public sealed record Describe : RelayedCall
    {
        /// <inheritdoc/>
        public override async ValueTask<object?> InvokeAsync(ICacheSiloService service) =>
            await service.DescribeAsync();
    }

    /// <summary><see cref="ICacheSiloService.ReportAsync"/>.</summary>
    [GenerateSerializer, Immutable, Alias("granary.RelayedCall.Report")]
    public sealed record Report([property: Id(0)] ReportParts Parts) : RelayedCall
    {
        /// <inheritdoc/>
        public override async ValueTask<object?> InvokeAsync(ICacheSiloService service) =>
            await service.ReportAsync(Parts);
    }

    /// <summary><see cref="ICacheSiloService.LeaveAsync"/>.</summary>
    [GenerateSerializer, Immutable, Alias("granary.RelayedCall.Leave")]
    public sealed record Leave : RelayedCall
    {
        /// <inheritdoc/>
        public override async ValueTask<object?> InvokeAsync(ICacheSiloService service)
        {
            await service.LeaveAsync();
            return null;
        }
    }
}
