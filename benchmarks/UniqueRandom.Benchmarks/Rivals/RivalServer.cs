using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using UniqueRandom.Server.Health;
using UniqueRandom.Server.Hosting;

namespace UniqueRandom.Benchmarks.Rivals;

/// <summary>The server's own HTTP stack with another GET /random behind it.</summary>
internal static class RivalServer
{
    public static async Task<int> RunAsync(string urls, RequestDelegate random, CancellationToken cancellation)
    {
        var builder = ServerApplication.CreateBuilder(new Dictionary<string, string?>());
        builder.WebHost.UseUrls(urls);
        await using var app = builder.Build();
        app.UseRequestBoundary();
        app.MapGet("/random", random);
        app.MapHealth();

        await app.StartAsync(cancellation);
        await app.WaitForShutdownAsync(cancellation);
        return 0;
    }
}
