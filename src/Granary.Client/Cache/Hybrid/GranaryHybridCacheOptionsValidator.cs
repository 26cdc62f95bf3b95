using System.Text;
using Microsoft.Extensions.Options;

namespace Granary.Client.Cache.Hybrid;

internal sealed class GranaryHybridCacheOptionsValidator : IValidateOptions<GranaryHybridCacheOptions>
{
    private const int MaxPrefixBytes = 512;
    private const int FewestEntries = 3; // that the least recently used can be told of

    private static readonly TimeSpan LeastStaleness = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan GreatestStaleness = TimeSpan.FromMinutes(1);

    public ValidateOptionsResult Validate(string? name, GranaryHybridCacheOptions options)
    {
        var failures = new List<string>();
        int prefixBytes = Encoding.UTF8.GetByteCount(options.KeyPrefix ?? string.Empty);
        Require(
            options.KeyPrefix is not null && prefixBytes <= MaxPrefixBytes,
            $"KeyPrefix has {prefixBytes} bytes as UTF-8; it must be 0 to {MaxPrefixBytes}, and not null.");
        Require(
            options.MaxNearEntries is 0 or >= FewestEntries,
            $"MaxNearEntries is {options.MaxNearEntries}; it must be 0, or at least {FewestEntries}.");
        Require(options.MaxNearBytes > 0, $"MaxNearBytes is {options.MaxNearBytes}; it must be positive.");
        Require(
            options.MaxStaleness >= LeastStaleness && options.MaxStaleness <= GreatestStaleness,
            $"MaxStaleness is {options.MaxStaleness}; it must be {LeastStaleness} to {GreatestStaleness}.");
        Require(options.StaleFor >= TimeSpan.Zero, $"StaleFor is {options.StaleFor}; it must not be negative.");
        Require(
            options.RefreshAfter is null or (> 0 and < 1),
            $"RefreshAfter is {options.RefreshAfter}; it must be above 0 and below 1.");
        Require(
            options.DefaultEntryOptions?.Expiration is null || options.DefaultEntryOptions.Expiration > TimeSpan.Zero,
            $"DefaultEntryOptions.Expiration is {options.DefaultEntryOptions?.Expiration}; it must be positive.");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Require(bool holds, string failure)
        {
            if (!holds)
            {
                failures.Add($"GranaryHybridCacheOptions.{failure}");
            }
        }
    }
}
