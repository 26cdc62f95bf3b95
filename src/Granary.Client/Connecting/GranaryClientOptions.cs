using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Granary.Security;
using Microsoft.Extensions.Caching.Hybrid;

namespace Granary.Client;

/// <summary>How the client connects, how long it tries, and how much it lets wait.</summary>
public sealed class GranaryClientOptions
{
    /// <summary>The name that silos and clients of one Granary share, as Orleans' cluster and service.</summary>
    public const string DefaultClusterId = "granary";

    /// <summary>Orleans' cluster. Default <see cref="DefaultClusterId"/>.</summary>
    [Required]
    public string ClusterId { get; set; } = DefaultClusterId;

    /// <summary>Orleans' service. Default <see cref="DefaultClusterId"/>.</summary>
    [Required]
    public string ServiceId { get; set; } = DefaultClusterId;

    /// <summary>How long the host's start waits for the first gateway. Default 30 s, a silo's slow start.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long one operation may take, repetitions included. Default 10 s: a silo's death is noticed within 8 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan OperationTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The client's certificate for silos that have TLS: <c>TlsFiles.In("/etc/granary")</c>. Without it, the default, the
    /// client talks in clear, and only to silos that let it.
    /// </summary>
    public TlsFiles? Tls { get; set; }

    /// <summary>
    /// How often the map is fetched when nothing says that it changed. Default 1 s: a silo that leaves waits 1.5 s for
    /// clients that send nothing just then; replies tell the others at once.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan MapRefreshInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Messages under way to one silo; operations collect while all are. Default 2: one travels while one is executed.
    /// </summary>
    [Range(1, 64)]
    public int MessagesInFlightPerSilo { get; set; } = 2;

    /// <summary>
    /// Packed operations that may wait for one silo; beyond it callers wait. Bytes. Default 8 MiB, eight full messages.
    /// </summary>
    [Range(1 << 10, 1 << 30)]
    public int MaxWaitingBytesPerSilo { get; set; } = 8 << 20;

    /// <summary>Long values (over 64 KiB) that are read or written at once; more wait. Default 16.</summary>
    [Range(1, 1024)]
    public int MaxPagedTransfers { get; set; } = 16;

    /// <summary>
    /// How values of other types than bytes, text and integers map to JSON. Set the options of a
    /// <see cref="System.Text.Json.Serialization.JsonSerializerContext"/> for source-generated code (trimming, native
    /// AOT). Default <see cref="JsonSerializerOptions.Default"/>.
    /// </summary>
    [Required]
    public JsonSerializerOptions Json { get; set; } = JsonSerializerOptions.Default;

    /// <summary>
    /// Serializers for cached values of other types than bytes, text and integers: the first that has one for a type goes
    /// before <see cref="Json"/>. .NET's interface, so that those for Protocol Buffers or MessagePack fit. Default none.
    /// </summary>
    public IList<IHybridCacheSerializerFactory> Serializers { get; } = [];

    /// <summary>
    /// Length from which on values are compressed (Brotli), if that saves an eighth and <see cref="EntryOptions.Flags"/> are 0.
    /// Bytes. Default <see langword="null"/>: none.
    /// </summary>
    /// <remarks>
    /// Every .NET client reads them, with this option or without; those of other languages do not: to them the flags are
    /// 0x47526272. What is put behind or before such a value makes it unreadable.
    /// </remarks>
    [Range(64, 128 << 20)]
    public int? CompressValuesFrom { get; set; }
}
