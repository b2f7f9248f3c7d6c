using System.Text.RegularExpressions;

namespace UniqueRandom.Server.Tests.Documents;

/// <summary>
/// Compares the output that a document shows with that of a command. Random values (numbers, codes, times, hashes) may differ,
/// but only consistently: a value that the document repeats must be repeated, and different numbers must differ.
/// </summary>
/// <param name="published">A text whose hashes must not differ, because they are test vectors.</param>
internal sealed partial class ExampleValues(string published)
{
    private readonly Dictionary<string, string> actual = [];

    /// <summary>Sets the actual value for a value of the document.</summary>
    public void Set(string documented, string value) => actual[documented] = value;

    /// <summary>Replaces the values of the document in a command or a file with the actual ones.</summary>
    public string Substitute(string text) => Word().Replace(text, word => actual.GetValueOrDefault(word.Value, word.Value));

    /// <summary>Returns null if the output is what the document shows, and otherwise the difference.</summary>
    public string? Compare(string documented, string output)
    {
        (documented, output) = (Normalize(documented), Normalize(output));
        if (Template(documented) != Template(output))
            return "The output has another form.";

        foreach (var (shown, found) in Values(documented).Zip(Values(output)))
        {
            if (actual.TryGetValue(shown, out var known) && known != found)
                return $"The document shows {shown} again; here it was {known}, and now it is {found}.";
            if (known is null && !found.EndsWith('Z') && actual.ContainsValue(found))
                return $"The document shows {shown} for the first time; here {found} came before.";
            actual[shown] = found;
        }

        return null;
    }

    /// <summary>An answer is one line, which a document may wrap.</summary>
    private static string Normalize(string text) => text.StartsWith('{')
        ? string.Concat(text.Split('\n').Select(line => line.Trim()))
        : text.Trim();

    private string Template(string text) => Random().Replace(text, value => IsRandom(value.Value) ? "*" : value.Value);

    private IEnumerable<string> Values(string text) => Random().Matches(text).Select(value => value.Value).Where(IsRandom);

    private bool IsRandom(string value) => !published.Contains(value, StringComparison.Ordinal) || value.Length < 64;

    // Two digits and more in a line of their own are what redis-cli prints.
    [GeneratedRegex(
        """
        (?mx) ^\d{2,}$ | (?<="number":)-?\d+ | (?<="numbers":\[[-\d,]*)-?\d+ | (?<="code":")[^"]+
        | \d{4}-\d\d-\d\d[T\ ][\d:.]+Z | \b[0-9a-f]{64}\b
        """)]
    private static partial Regex Random();

    // Shorter numbers may be a count or a position. Codes have hyphens.
    [GeneratedRegex("""\b(?:[0-9a-f]{4,}|[0-9A-Z]+(?:-[0-9A-Z]+)+)\b""")]
    private static partial Regex Word();
}
