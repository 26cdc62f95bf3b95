namespace Granary.AspNetCore;

/// <summary>What the output cache adds to its keys and tags.</summary>
public sealed class GranaryOutputCacheOptions
{
    /// <summary>
    /// Stands before every key and every tag, so that several applications do not meet. Up to 256 characters. Default
    /// <c>output/</c>.
    /// </summary>
    public string Prefix { get; set; } = "output/";
}
