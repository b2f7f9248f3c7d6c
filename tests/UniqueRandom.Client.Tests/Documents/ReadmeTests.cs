using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using UniqueRandom.Client.Models;
using UniqueRandom.Client.Tests.Fixtures;
using UniqueRandom.Testing.Fixtures;

namespace UniqueRandom.Client.Tests.Documents;

/// <summary>The examples of the package's README, which this file contains word for word.</summary>
public sealed partial class ReadmeTests(ApiServer server) : IClassFixture<ApiServer>, IDisposable
{
    private static readonly string Readme = File.ReadAllText(Source("../../../src/UniqueRandom.Client/README.md"));

    /// <summary>Takes the place of the console.</summary>
    private readonly StringWriter Console = new();

    private readonly RegisteredClient registered = new(server.Address);

    public void Dispose()
    {
        registered.Dispose();
        Console.Dispose();
    }

    [Fact]
    public void The_readme_has_the_examples_of_this_file()
    {
        var code = WithoutIndents(File.ReadAllText(Source("ReadmeTests.cs")));
        var examples = Blocks("csharp ignore");
        Assert.Equal(5, examples.Count);
        Assert.All(examples, example => Assert.Contains(WithoutIndents(example), code, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_examples_write_what_the_readme_shows()
    {
        var client = registered.Client;

        await client.CreatePoolAsync("raffle", minimum: 1, maximum: 5);

        // With a new random key: the call returns when it has the draw.
        var draw = await client.DrawAsync("raffle", 3);
        Console.WriteLine($"{draw.Numbers.Count} numbers from position {draw.First}");

        // With your key: the same call returns the same draw, also after a crash.
        var order = await client.DrawAsync("raffle", 1, idempotencyKey: "order-4711", reference: "order-4711");
        var again = await client.DrawAsync("raffle", 1, idempotencyKey: "order-4711", reference: "order-4711");
        Console.WriteLine($"position {order.First}, and again {again.First}");

        try
        {
            await client.DrawAsync("raffle", 3);
        }
        catch (UniqueRandomException error) when (error.Type == ProblemTypes.PoolExhausted)
        {
            Console.WriteLine($"only {error.Extensions["remaining"]} left");
        }

        await foreach (var line in client.ReadDrawLogAsync("raffle"))
            Console.WriteLine($"{line.First}: {line.Numbers.Count} for {line.Reference ?? "nobody"}");

        Assert.Equal(Blocks("")[0], $"{Console}");
    }

    [Fact]
    public async Task The_example_of_an_extension_writes_what_the_readme_shows()
    {
        var client = registered.Client;
        await client.CreatePoolAsync("tickets", minimum: 1, maximum: 5);

        var extended = await client.ExtendPoolAsync("tickets", maximum: 8, idempotencyKey: "more-tickets");
        Console.WriteLine($"{extended.Remaining} of {extended.Size} left, in {extended.Segments!.Count} segments");

        Assert.Equal(Blocks("")[1], $"{Console}");
    }

    [Fact]
    public async Task The_example_of_codes_writes_what_the_readme_shows()
    {
        var client = registered.Client;

        var codes = new CodeFormat { Alphabet = "crockford32", Length = 10, Prefix = "XMAS-", Group = 5, Check = true };
        await client.CreatePoolAsync("vouchers", new PoolDefinition { Code = codes });
        var voucher = (await client.DrawAsync("vouchers", 1, reference: "order-4711")).Codes![0];
        var status = await client.GetCodeAsync("vouchers", voucher.ToLowerInvariant());
        Console.WriteLine($"{status.IsIssued}, for {status.Reference}");

        Assert.Equal(Blocks("")[2], $"{Console}");
    }

    [Fact]
    public async Task The_example_of_imported_numbers_writes_what_the_readme_shows()
    {
        var client = registered.Client;

        var members = await client.CreatePoolAsync(
            "members", new PoolDefinition { Minimum = 1, Maximum = 100_000 }, imported: [48_213, 7, 90_125]);
        Console.WriteLine($"{members.Imported} in use, {members.Remaining} left");

        Assert.Equal(Blocks("")[3], $"{Console}");
    }

    [Fact]
    public void The_registration_adds_the_client()
    {
        var services = new ServiceCollection();
        services.AddUniqueRandomClient(options => options.BaseAddress = new Uri("https://numbers.example.com"));
        using var provider = services.BuildServiceProvider();
        Assert.NotNull(provider.GetRequiredService<UniqueRandomClient>());
    }

    private static List<string> Blocks(string language) =>
        [.. Block().Matches(Readme).Where(block => block.Groups[1].Value == language).Select(block => block.Groups[2].Value)];

    private static string WithoutIndents(string text) => string.Join('\n', text.Split('\n').Select(line => line.TrimStart()));

    private static string Source(string name, [CallerFilePath] string path = "") =>
        Path.Combine(Path.GetDirectoryName(path)!, name);

    [GeneratedRegex("^```([^\n]*)\n(.*?)^```\n", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
