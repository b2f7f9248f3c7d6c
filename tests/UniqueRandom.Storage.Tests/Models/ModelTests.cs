using System.Runtime.ExceptionServices;
using CsCheck;
using UniqueRandom.Draws;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Postgres;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Storage.Tests.Models;

/// <summary>
/// Random operations on each store and on a model. A failure shows the seed of the shortest sequence that was found, its
/// operations, and those of them that are enough to fail. Set the environment variable <c>CsCheck_Seed</c> to the seed to run the
/// sequence again, first. With <c>UNIQUERANDOM_ROUNDS=all</c> there are many more sequences.
/// </summary>
public sealed class ModelTests(PostgresServer server, ITestOutputHelper output)
{
    [Fact]
    public async Task Sqlite_does_what_the_model_does()
    {
        using var template = new TemporaryDirectory();
        await ModelledSqlite.PrepareAsync(template);
        await RunAsync(() => Task.FromResult<ModelledStore>(new ModelledSqlite(template)), TestRounds.Count(150, 20_000));
    }

    [Fact]
    public async Task Postgres_does_what_the_model_does()
    {
        await using var database = await server.CreateDatabaseAsync();
        await ModelledPostgres.PrepareAsync(database);
        await RunAsync(
            async () =>
            {
                var tested = new ModelledPostgres(database);
                await tested.EmptyAsync();
                return tested;
            },
            TestRounds.Count(50, 5_000));
    }

    private async Task RunAsync(Func<Task<ModelledStore>> create, int sequences)
    {
        Operation[]? failed = null;
        try
        {
            await Sequences.All.SampleAsync(
                async operations =>
                {
                    if (await FindFailureAsync(create, operations) is not { } failure)
                        return;
                    failed = operations;
                    output.WriteLine($"{Print(operations)}\nfails: {failure.Message}");
                    ExceptionDispatchInfo.Throw(failure);
                },
                output.WriteLine, iter: sequences, threads: 1, print: Print);
        }
        catch (CsCheckException error) when (failed is not null)
        {
            var least = await ReduceAsync(failed, async operations => await FindFailureAsync(create, operations) is not null);
            Assert.Fail($"The least that fails is\n{Print(least)}\nand was found as\n{error}");
        }
    }

    private static async Task<Exception?> FindFailureAsync(Func<Task<ModelledStore>> create, IEnumerable<Operation> operations)
    {
        await using var tested = await create();
        try
        {
            await tested.StartAsync();
            var run = new ModelRun(tested);
            foreach (var operation in operations)
                await run.ApplyAsync(operation);
            return null;
        }
        catch (Exception error)
        {
            return error;
        }
    }

    /// <summary>
    /// Removes operations, and draws of batches, that the failure does not need. CsCheck finds smaller sequences only by chance.
    /// </summary>
    private static async Task<Operation[]> ReduceAsync(Operation[] operations, Func<Operation[], Task<bool>> failsAsync)
    {
        for (var at = operations.Length - 1; at >= 0; at--)
        {
            Operation[] without = [.. operations[..at], .. operations[(at + 1)..]];
            if (await failsAsync(without))
                operations = without;
            else if (operations[at] is Operation.Draw { Requests: [_, _, ..] } batch)
                operations = await ReduceAsync(operations, at, batch.Requests, failsAsync);
        }

        return operations;
    }

    private static async Task<Operation[]> ReduceAsync(
        Operation[] operations, int place, DrawRequest[] requests, Func<Operation[], Task<bool>> failsAsync)
    {
        for (var at = requests.Length - 1; at >= 0 && requests.Length > 1; at--)
        {
            DrawRequest[] fewer = [.. requests[..at], .. requests[(at + 1)..]];
            Operation[] smaller = [.. operations[..place], new Operation.Draw(fewer), .. operations[(place + 1)..]];
            if (await failsAsync(smaller))
                (operations, requests) = (smaller, fewer);
        }

        return operations;
    }

    private static string Print(Operation[] operations) => string.Join('\n', operations.AsEnumerable());
}
