using UniqueRandom.Codes;
using UniqueRandom.Pools;
using UniqueRandom.Server.Problems;
using UniqueRandom.Server.Requests;

namespace UniqueRandom.Server.Pools;

/// <summary>Reads the definition of a pool.</summary>
internal static class DefinitionFields
{
    public static readonly string[] Members = ["minimum", "maximum", "order", "code"];

    private static readonly string[] CodeMembers = ["alphabet", "length", "prefix", "group", "check"];

    /// <summary>Reads a definition, and completes it. See <see cref="PoolDefinition.Complete"/>.</summary>
    /// <param name="name">The name of the pool.</param>
    /// <param name="fields">The members.</param>
    /// <param name="usual">The order of a definition that has none; null, the default, for the usual one.</param>
    /// <exception cref="RefusedException">The definition is not valid.</exception>
    public static PoolDefinition Read(string name, JsonFields fields, PoolOrder? usual = null)
    {
        var code = fields.Object("code", CodeMembers) is { } members ? ReadCode(members) : null;
        var (minimum, maximum, order) =
            PoolDefinition.Complete(ReadBound("minimum"), ReadBound("maximum"), ReadOrder(fields) ?? usual, code);
        return PoolDefinition.Validate(minimum, maximum, order, code) is { } error
            ? throw new RefusedException(Problem.Invalid(code is not null && minimum < 0 ? "minimum" : "maximum", error))
            : new PoolDefinition(name, new PoolRange(minimum, maximum), order, code);

        long? ReadBound(string bound) => code is null
            ? fields.Integer(bound, long.MinValue, long.MaxValue)
            : fields.OptionalInteger(bound, long.MinValue, long.MaxValue);
    }

    /// <summary>Reads the optional kind of an order; null without it.</summary>
    /// <exception cref="RefusedException">It is another one.</exception>
    public static PoolOrder? ReadOrder(JsonFields fields)
    {
        var name = fields.Text(
            "order",
            text => OrderName.TryRead(text, out _),
            $"order must be null, {OrderName.Stored} or {OrderName.Computed}.");
        return name is not null && OrderName.TryRead(name, out var order) ? order : null;
    }

    private static CodeFormat ReadCode(JsonFields fields)
    {
        var alphabet = fields.Text("alphabet", _ => true, "code.alphabet must be a string.")
            ?? throw new RefusedException(Problem.Invalid(
                "code.alphabet", $"code.{CodeAlphabet.Validate("")} It is missing."));
        var length = (int)fields.Integer("length", 1, CodeFormat.MaximumLength);
        var prefix = fields.Text("prefix", _ => true, "code.prefix must be null or a string.") ?? "";
        var group = (int)(fields.OptionalInteger("group", 0, CodeFormat.MaximumLength) ?? 0);
        var check = fields.Flag("check");
        // Each sentence begins with the name of the member.
        if (CodeFormat.Validate(alphabet, length, prefix, group, check) is not { } error)
            return new CodeFormat(alphabet, length, prefix, group, check);
        var member = error[..error.IndexOf(' ', StringComparison.Ordinal)];
        throw new RefusedException(Problem.Invalid($"code.{member}", $"code.{error}"));
    }
}
