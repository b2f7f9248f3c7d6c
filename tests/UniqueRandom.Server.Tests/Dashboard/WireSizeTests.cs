using System.Text;
using System.Text.RegularExpressions;
using UniqueRandom.Testing.Fixtures;

namespace UniqueRandom.Server.Tests.Dashboard;

/// <summary>What a browser loads to show the dashboard.</summary>
public sealed partial class WireSizeTests(ApiServer server) : IClassFixture<ApiServer>
{
    private const int MostBytes = 80_000;

    [Fact]
    public async Task The_dashboard_is_at_most_80_kilobytes_and_each_of_its_files_is_there()
    {
        var loaded = new Dictionary<Uri, int>();
        var next = new Queue<Uri>([server.Address]);
        while (next.TryDequeue(out var file))
        {
            if (loaded.ContainsKey(file))
                continue;
            loaded.Add(file, (await LoadAsync(file, compressed: true)).Length);
            var text = Encoding.UTF8.GetString(await LoadAsync(file, compressed: false));
            foreach (Match reference in Reference().Matches(text))
                next.Enqueue(new Uri(file, reference.Groups["file"].Value));
        }

        Assert.Contains(loaded.Keys, file => file.AbsolutePath == "/dashboard/views/pool.js");
        Assert.Contains(loaded.Keys, file => file.AbsolutePath == "/dashboard/worker.js");
        Assert.InRange(loaded.Values.Sum(), 1, MostBytes);
    }

    private async Task<byte[]> LoadAsync(Uri file, bool compressed)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, file);
        request.Headers.TryAddWithoutValidation("Accept", "text/html, */*");
        if (compressed)
            request.Headers.AcceptEncoding.ParseAdd("br");
        using var response = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{file} was answered {(int)response.StatusCode}.");
        return await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
    }

    [GeneratedRegex("""["'](?<file>(dashboard/|\.{1,2}/)[\w/.-]+\.(js|css|svg))["']""")]
    private static partial Regex Reference();
}
