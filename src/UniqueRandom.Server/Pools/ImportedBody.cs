using Microsoft.AspNetCore.Http.Features;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;
using UniqueRandom.Server.Configuration;
using UniqueRandom.Server.Problems;
using UniqueRandom.Server.Requests;

namespace UniqueRandom.Server.Pools;

/// <summary>
/// Reads the body of an import: the definition of the pool in the first line, and a number in each other one. It is read in
/// constant memory, and one bit for each number of the pool remembers which ones were there.
/// </summary>
/// <param name="context">The request.</param>
internal sealed class ImportedBody(HttpContext context)
{
    /// <summary>The largest number of numbers: 50,000,000.</summary>
    public const int MaximumCount = 50_000_000;

    /// <summary>The length of the longest integer with its line end, CR LF.</summary>
    private const int LongestLine = 22;

    private const long MaximumLength = HttpLimits.MaximumBodyLength + (long)MaximumCount * LongestLine;

    private readonly BodyLines lines = new(context.Request.BodyReader, HttpLimits.MaximumBodyLength);

    /// <summary>Gets whether reading has begun. Before that, a client may still wait for the answer to send the body.</summary>
    public bool IsBegun { get; private set; }

    /// <summary>Reads the first line.</summary>
    /// <param name="known">The members that it may have.</param>
    /// <exception cref="RefusedException">It is not a JSON object, or has an unknown or duplicate member.</exception>
    public async ValueTask<JsonFields> ReadDefinitionAsync(params string[] known)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = MaximumLength;
        IsBegun = true;
        JsonFields? fields = null;
        await ReadAsync(line =>
        {
            fields = JsonFields.Read(line.ToArray(), known);
            return false;
        });
        return fields ?? throw new RefusedException(
            Problem.Invalid("body", "The first line must be the definition of the pool, as a JSON object; it is missing."));
    }

    /// <summary>Reads the numbers.</summary>
    /// <param name="range">The range of the pool.</param>
    /// <returns>Their offsets, which the caller disposes.</returns>
    /// <exception cref="RefusedException">
    /// A line is not a number of the pool, or repeats one; or there are too many or none.
    /// </exception>
    /// <exception cref="InsufficientMemoryException">There is no memory for so large a pool.</exception>
    public async ValueTask<OffsetSet> ReadNumbersAsync(PoolRange range)
    {
        var numbers = new OffsetSet(range.Size);
        try
        {
            await ReadAsync(line =>
            {
                Add(line, range, numbers);
                return true;
            });
            return numbers.Count > 0
                ? numbers
                : throw new RefusedException(Problem.Invalid(
                    "body", "The body has no number behind the definition. Send application/json to create a pool without."));
        }
        catch
        {
            numbers.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Reads what is left, and forgets it. Many clients read no answer before they have sent all of the body, and would see a
    /// closed connection instead of a refusal.
    /// </summary>
    public async Task DiscardAsync()
    {
        try
        {
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            // It is too large, or the client has left.
        }
    }

    private async Task ReadAsync(BodyLines.Taker take)
    {
        try
        {
            await lines.ReadAsync(take, context.RequestAborted);
        }
        catch (BadHttpRequestException error) when (error.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw new RefusedException(Problem.ImportTooLarge(MaximumLength, "bytes"));
        }
    }

    private void Add(ReadOnlySpan<byte> line, PoolRange range, OffsetSet numbers)
    {
        if (ImportedLine.Add(line, range, numbers) is { } rule)
            throw new RefusedException(Problem.InvalidLine(lines.Count, rule));
        if (numbers.Count > MaximumCount)
            throw new RefusedException(Problem.ImportTooLarge(MaximumCount, "numbers"));
    }
}
