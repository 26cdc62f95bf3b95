using Granary.Client;

namespace Granary.ClientSample.Web;

internal sealed class WriteLetter : IMessageHandler<string>
{
    public Task HandleAsync(string to, MessageContext context, CancellationToken cancellationToken)
    {
        Console.WriteLine($"Dear {to},");
        return Task.CompletedTask;
    }
}
