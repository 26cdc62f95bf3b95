using Microsoft.Extensions.Options;

namespace Granary.Memcached.Server;

/// <summary>Checks the attributes of <see cref="GatewayOptions"/>.</summary>
[OptionsValidator]
internal sealed partial class GatewayOptionsValidator : IValidateOptions<GatewayOptions>;
