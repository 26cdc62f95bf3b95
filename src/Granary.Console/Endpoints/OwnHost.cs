using System.Net;
using Microsoft.AspNetCore.Http;

namespace Granary.Console.Endpoints;

/// <summary>
/// Where nobody has to log in: answers only pages that were opened by localhost, an address, or this machine's name. A
/// page of another site whose name leads here (DNS rebinding) would else read and act as if it were ours.
/// </summary>
internal static class OwnHost
{
    public static ValueTask<object?> FilterAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        string host = context.HttpContext.Request.Host.Host;
        return IsOwn(host)
            ? next(context)
            : ValueTask.FromResult<object?>(Results.Json(
                new ActionRefused($"This silo asks for no token, so it answers for localhost, addresses and '{Dns.GetHostName()}', not for '{host}'."),
                ConsoleJson.Default.ActionRefused,
                statusCode: StatusCodes.Status403Forbidden));
    }

    private static bool IsOwn(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || string.Equals(host, Dns.GetHostName(), StringComparison.OrdinalIgnoreCase)
        || IPAddress.TryParse(host.Trim('[', ']'), out _);
}
