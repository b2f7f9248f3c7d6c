using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using UniqueRandom.Codes;
using UniqueRandom.Server.Pools;
using UniqueRandom.Server.Problems;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Docs;

/// <summary>Compares the problems in the OpenAPI description with those that the server sends.</summary>
public sealed class ProblemExampleTests : IDisposable
{
    /// <summary>The problems that a test can't provoke without a fault of the machine.</summary>
    private static readonly Dictionary<string, ProblemHttpResult> NotProvoked = new()
    {
        ["HostNotAllowed"] = Problem.HostNotAllowed(),
        ["InternalError"] = Problem.FromStatus(StatusCodes.Status500InternalServerError),
        ["PoolSeedingProblem"] = Problem.PoolSeeding("short-links"),
        ["PoolExtending"] = Problem.PoolExtending("raffle-2026", 100_000),
        ["QueueFull"] = Problem.QueueFull(),
        ["StoreUnavailable"] = Problem.StoreUnavailable(),
        ["Starting"] = Problem.Starting(),
        ["DrawInDoubt"] = Problem.InDoubt(),
        ["ImportRunning"] = Problem.ImportRunning(),
        ["ImportTooLarge"] = Problem.ImportTooLarge(ImportedBody.MaximumCount, "numbers"),
        ["OutOfMemory"] = Problem.OutOfMemory(
            "Shuffling 2,147,483,647 numbers takes 8191 MiB of memory and 5120 MiB are free; "
            + "use a smaller range or a larger machine."),
        ["OutOfDisk"] = Problem.OutOfDisk(
            "Storing 100,000,000 numbers takes 395 MiB of disk, and 203 MiB are free; use a smaller range or make room."),
    };

    private readonly TemporaryDirectory directory = new();
    private readonly KeyHolder shop = new("shop", "draw", "1000000");
    private readonly KeyHolder auditor = new("auditor", "admin", "1000000");
    private readonly KeyHolder till = new("till", "lookup", "1000000");
    private readonly KeyHolder limited = new("limited", "draw", "1");

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Every_example_of_a_problem_matches_the_server()
    {
        await using var server = await ServerProcess.StartAsync(directory, KeyHolder.Environment(shop, auditor, till, limited));
        var sent = await ProvokeAsync(server.Client);
        foreach (var (name, problem) in NotProvoked)
            sent.Add(name, JsonSerializer.SerializeToElement(problem.ProblemDetails));

        var description = ApiDescription.Read();
        var examples = description.Named(description.Root.GetProperty("components"), "examples")
            .Select(example => (example.Name, Value: example.Value.GetProperty("value")))
            .Where(example => example.Value.TryGetProperty("type", out _))
            .ToArray();
        Assert.Equal(examples.Select(example => example.Name).Order(), sent.Keys.Order());
        Assert.All(examples, example => Assert.True(
            JsonElement.DeepEquals(example.Value, sent[example.Name]), $"{example.Name} is sent as {sent[example.Name]}"));
    }

    private async Task<Dictionary<string, JsonElement>> ProvokeAsync(HttpClient client)
    {
        const string pool = "/pools/raffle-2026", draws = "/pools/default/draws", vouchers = "/pools/vouchers-2026";
        for (var draw = 0; draw < 100; draw++)
            (await SendRequestAsync(shop, "POST", draws, """{"count":10000}""")).Success(201);
        (await SendRequestAsync(auditor, "PUT", pool, """{"minimum":1,"maximum":50000}""")).Success(201);
        const string codes = """{"code":{"alphabet":"hex","length":8,"check":true}}""";
        (await SendRequestAsync(auditor, "PUT", vouchers, codes)).Success(201);
        (await SendRequestAsync(shop, "POST", $"{pool}/draws", """{"count":1}""", "Idempotency-Key: used")).Success(201);

        var sent = new Dictionary<string, JsonElement>
        {
            ["InvalidPool"] = await ProblemAsync(shop, "GET", "/pools/Raffle%202026/random"),
            ["InvalidKey"] = await ProblemAsync(shop, "GET", "/random", null, "Idempotency-Key: two words"),
            ["InvalidCount"] = await ProblemAsync(shop, "POST", draws, """{"count":0}"""),
            ["InvalidReference"] = await ProblemAsync(shop, "POST", draws, """{"count":1,"reference":""}"""),
            ["InvalidMember"] = await ProblemAsync(shop, "POST", draws, """{"count":1,"size":1}"""),
            ["InvalidBody"] = await ProblemAsync(shop, "POST", draws, """{"count":1"""),
            ["InvalidPoolMember"] = await ProblemAsync(auditor, "PUT", pool, """{"minimum":1,"maximum":2,"size":2}"""),
            ["InvalidLine"] = await ProblemAsync(
                auditor,
                "PUT",
                "/pools/tickets-2026",
                "{\"minimum\":1,\"maximum\":100000}\n48213\n7\n48213\n",
                "Content-Type: application/x-ndjson"),
            ["InvalidMinimum"] = await ProblemAsync(auditor, "PUT", pool, """{"maximum":2}"""),
            ["InvalidMaximum"] = await ProblemAsync(auditor, "PUT", pool, """{"minimum":1,"maximum":0}"""),
            ["InvalidAfter"] = await ProblemAsync(auditor, "GET", $"{draws}?after=-1"),
            ["InvalidPoolAfter"] = await ProblemAsync(auditor, "GET", "/pools?after=Raffle"),
            ["InvalidLimit"] = await ProblemAsync(auditor, "GET", "/pools?limit=0"),
            ["InvalidNumber"] = await ProblemAsync(auditor, "GET", "/pools/default/numbers/seven"),
            ["InvalidPoints"] = await ProblemAsync(auditor, "GET", "/pools/default/sample?points=0"),
            ["Unauthorized"] = await ProblemAsync(null, "GET", "/random"),
            ["CrossSite"] = await ProblemAsync(shop, "GET", "/random", null, "Sec-Fetch-Site: cross-site"),
            ["DrawForbidden"] = await ProblemAsync(auditor, "GET", "/random"),
            ["AdminForbidden"] = await ProblemAsync(shop, "GET", draws),
            ["LookupForbidden"] = await ProblemAsync(shop, "GET", $"{vouchers}/codes/1"),
            ["CodeMistyped"] = await ProblemAsync(till, "GET", $"{vouchers}/codes/1"),
            ["NoCodes"] = await ProblemAsync(till, "GET", "/pools/default/codes/1"),
            ["PoolNotFound"] = await ProblemAsync(shop, "GET", "/pools/raffle-2025"),
            ["NumberNotFound"] = await ProblemAsync(auditor, "GET", $"{pool}/numbers/483102"),
            ["NotFound"] = await ProblemAsync(null, "GET", "/numbers"),
            ["MethodNotAllowed"] = await ProblemAsync(null, "POST", "/random"),
            ["BackupNotConfigured"] = await ProblemAsync(auditor, "POST", "/backup"),
            ["PoolExhausted"] = await ProblemAsync(shop, "GET", "/random"),
            ["PoolExists"] = await ProblemAsync(auditor, "PUT", pool, """{"minimum":1,"maximum":50001}"""),
            ["BodyTooLarge"] = await ProblemAsync(shop, "POST", draws, new string(' ', 20_000)),
            ["UnsupportedMediaType"] = await ProblemAsync(shop, "POST", draws, "count=1", "Content-Type: text/plain"),
            ["KeyConflict"] = await ProblemAsync(shop, "POST", $"{pool}/draws", """{"count":2}""", "Idempotency-Key: used"),
        };
        sent.Add("InvalidExtensionMaximum", await ProblemAsync(auditor, "POST", $"{pool}/extend", """{"maximum":50000}"""));
        sent.Add("InvalidExtensionMember", await ProblemAsync(auditor, "POST", $"{pool}/extend", """{"minimum":50001}"""));
        const string used = "Idempotency-Key: used";
        (await SendRequestAsync(auditor, "POST", $"{pool}/extend", """{"maximum":60000}""", used)).Success(200);
        sent.Add(
            "ExtensionKeyConflict",
            await ProblemAsync(auditor, "POST", $"{pool}/extend", """{"maximum":70000}""", used));
        (await SendRequestAsync(auditor, "POST", $"{pool}/close")).Success(200);
        sent.Add("PoolClosedProblem", await ProblemAsync(shop, "GET", $"{pool}/random"));

        var wrong = new CodeFormat("hex", 8, check: true).Write(0);
        sent.Add("TooManyWrongCodes", await SendUntilAsync(429, till, $"{vouchers}/codes/{wrong}"));
        sent.Add("TooManyRequests", await SendUntilAsync(429, limited, "/pools/default"));
        sent.Add("TooManyFailures", await SendUntilAsync(429, null, "/random"));
        return sent;

        async Task<JsonElement> SendUntilAsync(int status, KeyHolder? holder, string path)
        {
            ApiAnswer answer;
            do
                answer = await SendRequestAsync(holder, "GET", path);
            while (answer.Status != status);
            return answer.Json;
        }

        async Task<JsonElement> ProblemAsync(
            KeyHolder? holder, string method, string path, string? body = null, string? header = null)
        {
            var answer = await SendRequestAsync(holder, method, path, body, header);
            Assert.Equal("application/problem+json", answer.MediaType);
            return answer.Json;
        }

        async Task<ApiAnswer> SendRequestAsync(
            KeyHolder? holder, string method, string path, string? body = null, string? header = null)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            if (holder is not null)
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", holder.Key);
            if (body is not null)
                request.Content = new StringContent(body, Encoding.UTF8, "application/json");
            if (header?.Split(": ") is [var name, var value])
            {
                if (name == "Content-Type")
                    request.Content!.Headers.ContentType = new MediaTypeHeaderValue(value);
                else
                    request.Headers.TryAddWithoutValidation(name, value);
            }

            return await client.SendRequestAsync(request);
        }
    }
}
