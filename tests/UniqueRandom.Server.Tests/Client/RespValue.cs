using System.Globalization;

namespace UniqueRandom.Server.Tests.Client;

/// <summary>An answer of the Redis protocol.</summary>
/// <param name="Type">Its first byte.</param>
/// <param name="Text">The text of a simple answer or a bulk string; null for nil and for aggregates.</param>
/// <param name="Items">The elements of an aggregate; of a map, its keys and values in turn.</param>
internal sealed record RespValue(char Type, string? Text, RespValue[]? Items = null)
{
    public bool IsNil => Text is null && Items is null;

    /// <summary>The number that a bulk string has.</summary>
    public long Number
    {
        get
        {
            Assert.True(Type == '$' && !IsNil, $"A number was expected instead of {this}");
            return long.Parse(Text!, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        }
    }

    /// <summary>The numbers of an array or a set.</summary>
    public long[] Numbers
    {
        get
        {
            Assert.True(Items is not null, $"Numbers were expected instead of {this}");
            return [.. Items.Select(item => item.Number)];
        }
    }

    /// <summary>Verifies that the answer is an error that begins with a text.</summary>
    public void Error(string start) => Assert.StartsWith($"-{start}", ToString(), StringComparison.Ordinal);

    /// <summary>Returns the type and the text, or the elements in brackets: <c>*[$a, :1]</c>.</summary>
    public override string ToString() =>
        Items is null ? $"{Type}{Text ?? "nil"}" : $"{Type}[{string.Join(", ", (object[])Items)}]";
}
