using Microsoft.AspNetCore.Http;

namespace Granary.Console.Endpoints;

/// <summary>Says in a sentence what is wrong: with the request, or with the cluster.</summary>
internal static class Failures
{
    /// <summary>For reading: what is thrown becomes an answer.</summary>
    public static async ValueTask<object?> FilterAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (Exception exception) when (exception is ArgumentException or GranaryException or OrleansException or TimeoutException)
        {
            return Answer(exception);
        }
    }

    /// <summary>400 for what was asked wrongly, 503 for an outage.</summary>
    public static IResult Answer(Exception exception) => Results.Json(
        new ActionRefused(exception.Message),
        ConsoleJson.Default.ActionRefused,
        statusCode: exception is ArgumentException ? StatusCodes.Status400BadRequest : StatusCodes.Status503ServiceUnavailable);
}
