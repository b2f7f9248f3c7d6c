using System.Security.Claims;
using UniqueRandom.Server.Answers;

namespace UniqueRandom.Server.Access;

/// <summary>The route that says whose key a request has.</summary>
internal static class CallerEndpoints
{
    public static void MapCaller(this WebApplication app) => app.MapGet("/whoami", SendAsync).RequiresKey();

    private static Task SendAsync(HttpContext context)
    {
        var caller = Caller.Of(context);
        string[] roles = caller is null ? Role.All : [.. context.User.FindAll(ClaimTypes.Role).Select(claim => claim.Value)];
        return context.SendAsync(new CallerStatus(caller, roles), ApiJson.Default.CallerStatus);
    }
}
