using System.Text.Json;
using System.Text.Json.Serialization;
using UniqueRandom.Permutations;
using UniqueRandom.Pools;

namespace UniqueRandom.Audit;

/// <summary>Reads the status of a closed or exhausted pool.</summary>
public static class ExportedStatus
{
    /// <summary>Reads a status.</summary>
    /// <param name="json">The response of <c>GET /pools/{pool}</c>.</param>
    /// <param name="name">The name of the file that contains it, for messages.</param>
    /// <param name="commitment">
    /// The commitment that was published before the first draw, 64 hexadecimal digits. It proves more than the commitment in the
    /// status, which comes from the same source as the seed. Null to use the one in the status.
    /// </param>
    /// <exception cref="InvalidDataException">The input can't be used. The message is a sentence that says why.</exception>
    public static AuditedPool Read(string json, string name, string? commitment = null)
    {
        if (Parse(json) is not { } status)
        {
            throw new InvalidDataException(
                $"'{name}' is not the status of a pool; store the response of GET /pools/{{pool}} in it.");
        }

        if (status.Seed is null)
        {
            throw new InvalidDataException(
                $"'{name}' has no seed: the pool must be closed or exhausted first, and its status stored after that.");
        }

        var order = ReadOrder(status.Order ?? OrderName.Stored, $"order in '{name}'");
        var range = ReadRange(status.Minimum, status.Maximum, $"minimum and maximum in '{name}'", order);
        var seed = ReadSeed(status.Seed, $"seed in '{name}'");
        var published = new Commitment(Bytes(status.Commitment, $"commitment in '{name}'"));
        return new AuditedPool(range, seed, commitment is null ? published : ReadCommitment(commitment), status.Drawn, order);
    }

    /// <summary>Creates a range.</summary>
    /// <param name="minimum">The smallest number of the pool.</param>
    /// <param name="maximum">The largest number of the pool.</param>
    /// <param name="what">What the bounds are: the subject of the message.</param>
    /// <param name="order">Whether the order is stored, the default, or computed.</param>
    /// <exception cref="InvalidDataException">The bounds are not valid.</exception>
    public static PoolRange ReadRange(long minimum, long maximum, string what, PoolOrder order = PoolOrder.Stored) =>
        PoolDefinition.Validate(minimum, maximum, order) is { } error
            ? throw new InvalidDataException($"{what} are not a valid range: {error}")
            : new PoolRange(minimum, maximum);

    /// <summary>Reads whether an order is stored or computed.</summary>
    /// <param name="name"><c>stored</c> or <c>computed</c>.</param>
    /// <param name="what">What the name is: the subject of the message.</param>
    /// <exception cref="InvalidDataException">The name is another one.</exception>
    public static PoolOrder ReadOrder(string name, string what) => OrderName.TryRead(name, out var order)
        ? order
        : throw new InvalidDataException($"{what} must be {OrderName.Stored} or {OrderName.Computed}; it is '{name}'.");

    /// <summary>Reads a seed.</summary>
    /// <param name="digits">64 hexadecimal digits.</param>
    /// <param name="what">What the digits are: the subject of the message.</param>
    /// <exception cref="InvalidDataException">The digits are not valid.</exception>
    public static Seed ReadSeed(string digits, string what) => new(Bytes(digits, what));

    /// <summary>Reads the commitment that was published before the first draw.</summary>
    /// <param name="digits">64 hexadecimal digits.</param>
    /// <exception cref="InvalidDataException">The digits are not valid.</exception>
    public static Commitment ReadCommitment(string digits) => new(Bytes(digits, "The published commitment"));

    private static StatusFields? Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, StatusFieldsContext.Default.StatusFields);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[] Bytes(string digits, string what) =>
        digits.Length == 2 * Seed.Length && digits.All(char.IsAsciiHexDigit)
        ? Convert.FromHexString(digits)
        : throw new InvalidDataException($"{what} must have {2 * Seed.Length} hexadecimal digits; it is '{digits}'.");
}

/// <summary>The members of a status that an audit reads.</summary>
internal sealed record StatusFields(
    long Minimum, long Maximum, string Commitment, string? Seed, long? Drawn = null, string? Order = null);

/// <remarks>Duplicate properties are refused, because readers differ in which one they use.</remarks>
[JsonSourceGenerationOptions(
    PropertyNameCaseInsensitive = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(StatusFields))]
internal sealed partial class StatusFieldsContext : JsonSerializerContext;
