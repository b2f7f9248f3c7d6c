using System.Text.Json;
using System.Text.Json.Serialization;
using UniqueRandom.Codes;
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
    /// status, which comes from the same source as the seed. For an extended pool, those of the segments in their order, with
    /// commas or spaces between them. Null to use the ones in the status.
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
        var segments = status.Segments?.Where(segment => segment.Ready).ToArray() ?? [];
        var isExtended = segments.Length > 1;
        var pool = new AuditedPool(
            ReadRange(
                status.Minimum,
                isExtended ? segments[0].Maximum : status.Maximum,
                $"minimum and maximum {(isExtended ? "of segment 1 " : "")}in '{name}'",
                order),
            ReadSeed(status.Seed, $"seed in '{name}'"),
            new Commitment(Bytes(status.Commitment, $"commitment in '{name}'")),
            status.Drawn,
            order);
        pool = pool with
        {
            Imported = ReadImported(
                status.Imported, status.ImportedSha256, $"imported and importedSha256 in '{name}'", pool.Range, order),
        };
        if (isExtended)
        {
            RequireOneAfterAnother(status, segments, name);
            pool = pool with
            {
                Extensions =
                [
                    .. segments.Skip(1).Select((segment, i) => ReadSegment(segment, $"of segment {i + 2} in '{name}'")),
                ],
            };
        }

        pool = pool with { Code = ReadCode(status, name) };
        return commitment is null ? pool : Publish(pool, commitment);
    }

    /// <summary>Replaces the commitments of the status by those that were published.</summary>
    private static AuditedPool Publish(AuditedPool pool, string commitment)
    {
        var given = commitment.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries);
        var published = Array.ConvertAll(given.Length > 0 ? given : [""], ReadCommitment);
        if (published.Length > 1 + pool.Extensions.Count)
        {
            throw new InvalidDataException(
                $"{published.Length} published commitments are given, and the pool has {1 + pool.Extensions.Count}; give at most "
                + "one for each segment.");
        }

        return pool with
        {
            Published = published[0],
            PublishedCount = published.Length,
            Extensions = [.. pool.Extensions.Select((segment, i) =>
                i + 1 < published.Length ? segment with { Published = published[i + 1] } : segment)],
        };
    }

    private static CodeFormat? ReadCode(StatusFields status, string name)
    {
        if (status.Code is not { } code)
            return null;
        var (length, group) = (ToInt32(code.Length), ToInt32(code.Group));
        if (CodeFormat.Validate(code.Alphabet, length, code.Prefix, group, code.Check) is null
            && new CodeFormat(code.Alphabet, length, code.Prefix, group, code.Check) is var format
            && status.Minimum >= 0 && status.Maximum <= format.MaximumNumber)
        {
            return format;
        }

        throw new InvalidDataException(
            $"code in '{name}' is not a format of codes for the numbers {status.Minimum}..{status.Maximum}; store the status "
            + "again.");

        static int ToInt32(long value) => (int)Math.Clamp(value, -1, int.MaxValue);
    }

    private static AuditedSegment ReadSegment(SegmentFields segment, string place)
    {
        var order = ReadOrder(segment.Order ?? OrderName.Stored, $"order {place}");
        return new AuditedSegment(
            ReadRange(segment.Minimum, segment.Maximum, $"minimum and maximum {place}", order),
            segment.Seed is null ? null : ReadSeed(segment.Seed, $"seed {place}"),
            new Commitment(Bytes(segment.Commitment, $"commitment {place}")),
            order);
    }

    private static void RequireOneAfterAnother(StatusFields status, SegmentFields[] segments, string name)
    {
        var isWhole = segments[0].Minimum == status.Minimum && segments[^1].Maximum == status.Maximum
            && PoolRange.Validate(status.Minimum, status.Maximum) is null;
        for (var i = 1; i < segments.Length; i++)
            isWhole &= segments[i - 1].Maximum < long.MaxValue && segments[i].Minimum == segments[i - 1].Maximum + 1;
        if (!isWhole)
        {
            throw new InvalidDataException(
                $"The segments in '{name}' are not the range of the pool one after another; store its status again.");
        }
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

    /// <summary>Reads which numbers were imported.</summary>
    /// <param name="count">How many; null for none.</param>
    /// <param name="sha256">The hash of the list, 64 hexadecimal digits; null for none.</param>
    /// <param name="what">What the two are: the subject of the message.</param>
    /// <param name="range">The range of the pool.</param>
    /// <param name="order">Whether the order is stored or computed.</param>
    /// <exception cref="InvalidDataException">The values are not valid.</exception>
    public static ImportedList? ReadImported(long? count, string? sha256, string what, PoolRange range, PoolOrder order)
    {
        if (count is null && sha256 is null)
            return null;
        var list = new ImportedList(count ?? 0, sha256?.ToLowerInvariant() ?? "");
        return order == PoolOrder.Stored && list.IsValidFor(range)
            ? list
            : throw new InvalidDataException(
                $"{what} must be the count and the hash of numbers in a stored order, at most {range.Size} and 64 hexadecimal "
                + "digits, or both be null.");
    }

    private static StatusFields? Parse(string json)
    {
        try
        {
            var status = JsonSerializer.Deserialize(json, StatusFieldsContext.Default.StatusFields);
            return status?.Segments?.Contains(null!) == true ? null : status;
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
    long Minimum,
    long Maximum,
    string Commitment,
    string? Seed,
    long? Drawn = null,
    string? Order = null,
    long? Imported = null,
    string? ImportedSha256 = null,
    CodeFields? Code = null,
    IReadOnlyList<SegmentFields>? Segments = null);

/// <summary>The members of a format of codes.</summary>
internal sealed record CodeFields(string Alphabet, long Length, string Prefix = "", long Group = 0, bool Check = false);

/// <summary>The members of a segment that an audit reads.</summary>
internal sealed record SegmentFields(
    long Minimum, long Maximum, string Commitment, string? Seed, string? Order = null, bool Ready = true);

/// <remarks>Duplicate properties are refused, because readers differ in which one they use.</remarks>
[JsonSourceGenerationOptions(
    PropertyNameCaseInsensitive = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(StatusFields))]
internal sealed partial class StatusFieldsContext : JsonSerializerContext;
