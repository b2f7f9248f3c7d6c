using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using UniqueRandom.Draws;
using UniqueRandom.Pools;
using UniqueRandom.Server.Draws;
using UniqueRandom.Server.Hosting;

namespace UniqueRandom.Benchmarks.Rivals;

/// <summary>The commands that serve a rival of /random, with the HTTP stack of the server.</summary>
internal static class RivalCommands
{
    private static readonly PoolDefinition Pool = new("rival", new PoolRange(1, int.MaxValue));

    /// <summary>The cost of HTTP alone: the same answer with a constant number.</summary>
    public static Command Bare()
    {
        var urls = Urls();
        var command = new Command("bare", "Serves a constant number.") { urls };
        command.SetAction((parsed, cancellationToken) =>
            ServeAsync(parsed.GetRequiredValue(urls), () => 483_102, cancellationToken));
        return command;
    }

    public static Command GenerateAndTest()
    {
        var urls = Urls();
        var database = new Option<string>("--database") { Description = "The database file.", Required = true };
        var size = new Option<int>("--size") { Description = "The largest number; the smallest is 1.", Required = true };
        var filled = new Option<double>("--filled") { Description = "The percentage handed out in a new database." };
        var command = new Command("generate-and-test", "Serves numbers tested to be new.") { urls, database, size, filled };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var rival = Rivals.GenerateAndTest.Open(
                parsed.GetRequiredValue(database), parsed.GetRequiredValue(size), parsed.GetValue(filled));
            await ServeAsync(parsed.GetRequiredValue(urls), rival.Draw, cancellationToken);
        });
        return command;
    }

    private static Option<string> Urls() => new("--urls") { Description = "The address to listen on.", Required = true };

    private static async Task ServeAsync(string urls, Func<long?> draw, CancellationToken cancellationToken)
    {
        var builder = ServerApplication.CreateBuilder(new Dictionary<string, string?>());
        builder.WebHost.UseUrls(urls);
        await using var app = builder.Build();
        app.UseRequestBoundary();
        app.MapGet("/random", context =>
        {
            if (draw() is { } number)
                DrawnNumber.Write(context.Response, DrawOutcome.DrawnOne(Pool, 0, number, default));
            else
                context.Response.StatusCode = StatusCodes.Status409Conflict;
            return Task.CompletedTask;
        });
        await app.StartAsync(cancellationToken);
        await app.WaitForShutdownAsync(cancellationToken);
    }
}
