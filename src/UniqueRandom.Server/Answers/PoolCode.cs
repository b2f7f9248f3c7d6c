using UniqueRandom.Codes;

namespace UniqueRandom.Server.Answers;

/// <summary>The format of a pool's codes, with the members that create it.</summary>
internal sealed record PoolCode(string Alphabet, int Length, string Prefix, int Group, bool Check)
{
    public static PoolCode? Of(CodeFormat? format) => format is null
        ? null
        : new PoolCode(format.Alphabet, format.Length, format.Prefix, format.Group, format.Check);
}
