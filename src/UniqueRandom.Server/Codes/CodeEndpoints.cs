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

    private Task LookUpAsync(HttpContext context) => limit.RunAsync(context, () => AnswerAsync(context));

    /// <returns>
    /// Whether the code was issued, or is mistyped, which is no guess: whoever guesses knows which codes there can be.
    /// </returns>
    private async Task<bool> AnswerAsync(HttpContext context)
    {
        var (name, typed) = (context.Pool(), (string)context.Request.RouteValues["code"]!);
        var format = await formats.GetAsync(name, context.RequestAborted) ?? throw new RefusedException(Problem.NoCodes(name));
        // Only a code that the pool can have is worth asking the store.
        if (format.TryRead(typed, out _))
            format = await formats.ReadAsync(name, context.RequestAborted) ?? throw new RefusedException(Problem.NoCodes(name));
        if (!format.TryRead(typed, out var number))
        {
            await Problem.CodeMistyped(name).SendAsync(context);
            return true;
        }

        var code = format.Write(number);
        if (await store.FindPositionAsync(name, number, context.RequestAborted) is not { } position)
        {
            (await store.GetAsync(name, context.RequestAborted)).RequireFindable();
            await context.SendAsync(new CodeNotIssued(name, code), ApiJson.Default.CodeNotIssued);
            return false;
        }

        var row = await DrawLog.ReadRowAsync(store, name, position, context.RequestAborted);
        await context.SendAsync(CodeIssued.Of(name, code, number, row), ApiJson.Default.CodeIssued);
        return true;
    }
}

internal static class CodeRoutes
{
    public static IServiceCollection AddCodes(this IServiceCollection services) =>
        services.AddSingleton<CodeFormats>().AddSingleton<WrongCodeLimit>();

    public static void MapCodes(this WebApplication app) =>
        ActivatorUtilities.CreateInstance<CodeEndpoints>(app.Services).Map(app);
}
