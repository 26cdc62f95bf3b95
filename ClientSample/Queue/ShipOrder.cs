using Granary.Client;

namespace Granary.ClientSample.Queue;

// A worker: one instance for each message, with the services of its own scope. Returning completes the message.
internal sealed class ShipOrder(Shop shop) : IMessageHandler<Order>
{
    public Task HandleAsync(Order order, MessageContext context, CancellationToken cancellationToken)
    {
        if (shop.Crashes)
        {
            Console.WriteLine($"  worker 2 has order {order.Number}, and dies");
            Environment.Exit(1);
        }

        if (order.Number == shop.PoisonedNumber)
        {
            throw new InvalidOperationException($"order {order.Number} cannot be shipped");
        }

        string failures = context.Message.DeliveryCount > 0 ? $", which had failed {context.Message.DeliveryCount} time(s)" : "";
        Console.WriteLine($"  shipped order {order.Number} for {order.Customer}{failures}");
        return Task.CompletedTask;
    }
}
