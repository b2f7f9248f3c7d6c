using System.CommandLine;
using Microsoft.AspNetCore.Http;
using UniqueRandom.Server.Draws;

namespace UniqueRandom.Benchmarks.Rivals;

/// <summary>The rival behind the server's own HTTP stack.</summary>
internal static class GenerateAndTestServer
{
    public static Command Verb()
    {
        var (urls, database) = (Switches.Urls(), Switches.Database());
        var size = new Option<int>("--size") { Description = "Numbers are drawn from 1 to this.", Required = true };
        var filled = new Option<double>("--filled") { Description = "How many per cent are handed out before the first draw, in a new database." };
        var verb = new Command("generate-and-test", "Serves numbers that are generated and tested until one is new.") { urls, database, size, filled };
        verb.SetAction(async (parsed, cancellation) =>
        {
            using var rival = GenerateAndTest.Open(parsed.GetRequiredValue(database), parsed.GetRequiredValue(size), parsed.GetValue(filled));
            return await RivalServer.RunAsync(parsed.GetRequiredValue(urls), context => Answer(context, rival), cancellation);
        });
        return verb;
    }

    private static Task Answer(HttpContext context, GenerateAndTest rival)
    {
        if (rival.Draw() is { } number)
            DrawnNumber.Write(context.Response, number);
        else
            context.Response.StatusCode = StatusCodes.Status409Conflict;
        return Task.CompletedTask;
    }
}
