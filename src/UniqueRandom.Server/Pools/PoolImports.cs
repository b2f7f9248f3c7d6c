using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Server.Access;
using UniqueRandom.Server.Problems;
using UniqueRandom.Server.Requests;
using UniqueRandom.Stores;

namespace UniqueRandom.Server.Pools;

/// <summary>Creates pools with imported numbers, one at a time, because each takes memory while its body is read.</summary>
internal sealed class PoolImports(IPoolStore store)
{
    /// <summary>The type of the body of an import.</summary>
    public const string MediaType = "application/x-ndjson";

    private bool isRunning;

    /// <summary>Reads the body of a request, and imports its numbers.</summary>
    /// <param name="context">The request.</param>
    /// <param name="name">The name of the pool.</param>
    /// <returns>The pool that was requested, the one that has the name now, and the imported numbers.</returns>
    /// <exception cref="RefusedException">The body is not valid, the pool exists, or another import is running.</exception>
    public async Task<(PoolDefinition Definition, PoolCreation Creation, ImportedList List)> RunAsync(
        HttpContext context, string name)
    {
        var body = new ImportedBody(context);
        try
        {
            return await RunAsync(context, name, body);
        }
        catch (Exception error) when (body.IsBegun && error is not OperationCanceledException)
        {
            await body.DiscardAsync();
            throw;
        }
    }

    private async Task<(PoolDefinition Definition, PoolCreation Creation, ImportedList List)> RunAsync(
        HttpContext context, string name, ImportedBody body)
    {
        if (Interlocked.Exchange(ref isRunning, true))
            throw new RefusedException(Problem.ImportRunning());
        try
        {
            var definition = DefinitionFields.Read(
                name, await body.ReadDefinitionAsync(DefinitionFields.Members), PoolOrder.Stored);
            await RequireImportableAsync(definition, context.RequestAborted);
            using var numbers = await body.ReadNumbersAsync(definition.Range);
            var list = ImportedList.Of(definition.Range, numbers);
            // Not canceled with the request: a client that was cut off finds the pool when it tries again.
            var creation = await store.ImportAsync(
                definition, new PoolImport(numbers, list, Caller.Of(context)), Seed.Generate(), CancellationToken.None);
            return (definition, creation, list);
        }
        finally
        {
            Volatile.Write(ref isRunning, false);
        }
    }

    /// <summary>Refuses an import before its numbers are read, if it can't succeed whatever they are.</summary>
    private async Task RequireImportableAsync(PoolDefinition definition, CancellationToken cancellationToken)
    {
        if (definition.Order == PoolOrder.Computed)
        {
            throw new RefusedException(Problem.Invalid(
                "order", "order must be stored: a computed order can't begin with imported numbers."));
        }

        var existing = await store.FindAsync(definition.Name, cancellationToken);
        if (existing is not null && (existing.Created != definition || existing.Imported is null))
            throw new RefusedException(Problem.PoolExists(existing));
        if (existing is null)
            Permutation.RequireMemory(definition.StoredSize);
    }
}
