using System.Text;
using Granary.Wire;
using Microsoft.Extensions.Options;

namespace Granary.Client.Distributed;

internal sealed class GranaryDistributedCacheOptionsValidator : IValidateOptions<GranaryDistributedCacheOptions>
{
    public ValidateOptionsResult Validate(string? name, GranaryDistributedCacheOptions options)
    {
        if (options.KeyPrefix is null)
        {
            return ValidateOptionsResult.Fail("GranaryDistributedCacheOptions.KeyPrefix is null; empty is none.");
        }

        int length = Encoding.UTF8.GetByteCount(options.KeyPrefix);
        return length < WireLimits.MaxKeyBytes
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"GranaryDistributedCacheOptions.KeyPrefix has {length} bytes as UTF-8; it must have less than "
                + $"{WireLimits.MaxKeyBytes}, which a whole key may have.");
    }
}
