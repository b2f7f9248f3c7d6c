using UniqueRandom.Audit;
using UniqueRandom.Server.Access;
using UniqueRandom.Server.Answers;
using UniqueRandom.Server.Problems;
using UniqueRandom.Server.Requests;
using UniqueRandom.Stores;

namespace UniqueRandom.Server.Codes;

/// <summary>The route that looks up a code as a person has typed it.</summary>
internal sealed class CodeEndpoints(IPoolStore store, CodeFormats formats, WrongCodeLimit limit)
{
    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/pools/{pool}/codes/{code}", LookUpAsync).RequiresLookup();

    private async Task LookUpAsync(HttpContext context)
    {
        var (name, typed) = (context.Pool(), (string)context.Request.RouteValues["code"]!);
        limit.Require(context);
        if (await formats.GetAsync(name, context.RequestAborted) is not { } format)
            throw new RefusedException(Problem.NoCodes(name));
        if (!format.TryRead(typed, out var number))
        {
            limit.Count(context);
            throw new RefusedException(Problem.CodeMistyped(name));
        }

        var position = await store.FindPositionAsync(name, number, context.RequestAborted);
        // Decided after the look-up: of many at once, none gets an answer after the limit is reached.
        if (position is null)
        {
            limit.Count(context);
            await context.SendAsync(new CodeNotIssued(name, format.Write(number)), ApiJson.Default.CodeNotIssued);
            return;
        }

        limit.Require(context);
        var row = await DrawLog.ReadRowAsync(store, name, position.Value, context.RequestAborted);
        await context.SendAsync(CodeIssued.Of(name, format.Write(number), number, row), ApiJson.Default.CodeIssued);
    }
}

internal static class CodeRoutes
{
    public static IServiceCollection AddCodes(this IServiceCollection services) =>
        services.AddSingleton<CodeFormats>().AddSingleton<WrongCodeLimit>();

    public static void MapCodes(this WebApplication app) =>
        ActivatorUtilities.CreateInstance<CodeEndpoints>(app.Services).Map(app);
}
