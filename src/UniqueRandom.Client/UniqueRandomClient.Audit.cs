using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using UniqueRandom.Client.Models;

namespace UniqueRandom.Client;

public sealed partial class UniqueRandomClient
{
    /// <summary>Finds out whether a number was drawn, when, and under which reference.</summary>
    /// <param name="pool">The name of the pool.</param>
    /// <param name="number">The number.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <returns>The status of the number.</returns>
    /// <exception cref="UniqueRandomException">
    /// The request was refused, for example with <see cref="ProblemTypes.NumberNotFound"/> because the number is outside of the
    /// range.
    /// </exception>
    public Task<NumberStatus> GetNumberAsync(string pool, long number, CancellationToken cancellationToken = default) =>
        GetAsync(
            string.Create(CultureInfo.InvariantCulture, $"{Arguments.PathOf(pool)}/numbers/{number}"),
            ClientJson.Default.NumberStatus,
            cancellationToken);

    /// <summary>Finds out whether a code was issued, when, and under which reference.</summary>
    /// <param name="pool">The name of the pool.</param>
    /// <param name="code">
    /// The code as typed. It must contain at least one character other than a space or a dot.
    /// </param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <returns>The status of the code.</returns>
    /// <exception cref="UniqueRandomException">
    /// The request was refused, for example with <see cref="ProblemTypes.CodeMistyped"/> because the pool can't have the code,
    /// with <see cref="ProblemTypes.NoCodes"/> because the pool has no codes, or with
    /// <see cref="ProblemTypes.TooManyWrongCodes"/>, which the client does not retry.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="code"/> contains only spaces and dots, is empty, or has half of a surrogate pair.
    /// </exception>
    public Task<CodeStatus> GetCodeAsync(string pool, string code, CancellationToken cancellationToken = default) =>
        GetAsync($"{Arguments.PathOf(pool)}/codes/{Arguments.Code(code)}", ClientJson.Default.CodeStatus, cancellationToken);

    /// <summary>Gets drawn numbers at evenly spaced positions, to plot the order.</summary>
    /// <param name="pool">The name of the pool.</param>
    /// <param name="points">How many numbers at most, 1 to 10,000. The default is 2,000.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <returns>The sample.</returns>
    /// <exception cref="UniqueRandomException">The request was refused.</exception>
    public Task<NumberSample> GetSampleAsync(string pool, int points = 2000, CancellationToken cancellationToken = default) =>
        GetAsync(
            string.Create(CultureInfo.InvariantCulture, $"{Arguments.PathOf(pool)}/sample?points={points}"),
            ClientJson.Default.NumberSample,
            cancellationToken);

    /// <summary>
    /// Reads the draw log in the order of the positions, up to the last draw. If the connection is lost, it continues after the
    /// last line that it has.
    /// </summary>
    /// <param name="pool">The name of the pool.</param>
    /// <param name="after">The last position that the caller has. The default is none: the log starts at the first draw.</param>
    /// <param name="cancellationToken">A token to cancel the operation.</param>
    /// <returns>The lines. They are read from the server as the caller takes them.</returns>
    /// <exception cref="UniqueRandomException">The request was refused.</exception>
    public async IAsyncEnumerable<LoggedDraw> ReadDrawLogAsync(
        string pool, long? after = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var path = $"{Arguments.PathOf(pool)}/draws";
        for (var isComplete = false; !isComplete;)
        {
            var query = after is null ? "" : string.Create(CultureInfo.InvariantCulture, $"?after={after}");
            var lines = await OpenAsync(
                path + query, MediaTypes.JsonLines, ParseLines, cancellationToken).ConfigureAwait(false);
            await using (lines.ConfigureAwait(false))
            {
                while (await lines.MoveNextAsync().ConfigureAwait(false))
                {
                    after = lines.Current.First + lines.Current.Numbers.Count - 1;
                    yield return lines.Current;
                }

                isComplete = !lines.IsBroken;
            }

            if (!isComplete)
                await Task.Delay(Reconnection, cancellationToken).ConfigureAwait(false);
        }
    }

    private static IAsyncEnumerable<LoggedDraw> ParseLines(Stream stream, CancellationToken cancellationToken) =>
        JsonSerializer.DeserializeAsyncEnumerable(
            stream, ClientJson.Default.LoggedDraw, topLevelValues: true, cancellationToken)!;
}
