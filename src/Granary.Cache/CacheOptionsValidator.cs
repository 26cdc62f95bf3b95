using Microsoft.Extensions.Options;

namespace Granary.Cache;

/// <summary>Checks the attributes of <see cref="CacheOptions"/>.</summary>
[OptionsValidator]
internal sealed partial class CacheOptionsValidator : IValidateOptions<CacheOptions>;
