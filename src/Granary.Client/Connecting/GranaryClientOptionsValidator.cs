using Microsoft.Extensions.Options;

namespace Granary.Client.Connecting;

[OptionsValidator]
internal sealed partial class GranaryClientOptionsValidator : IValidateOptions<GranaryClientOptions>
{
}
