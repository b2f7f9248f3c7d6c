#!/usr/bin/env dotnet
#:project ../src/UniqueRandom.Core/UniqueRandom.Core.csproj
#:package System.CommandLine
#:property PublishAot=false

// Recomputes the order of a closed or exhausted pool, offline, and checks that its exported draw log follows it.
// Usage: dotnet run scripts/verify.cs -- --pool status.json [--commitment <64 hex>] --log <file, or - for standard input>
//        dotnet run scripts/verify.cs -- --seed <64 hex> --minimum 1 --maximum 1000000 [--order computed] … --log …
// Exit code: 0 the log follows the order, 1 it deviates, 2 the input can't be checked.

using System.CommandLine;
using UniqueRandom.Audit;

var statusFile = new Option<string?>("--pool")
{
    Description = "A file with the response of GET /pools/{pool}, instead of --seed, --minimum and --maximum.",
};
var seed = new Option<string?>("--seed") { Description = "The revealed seed, 64 hexadecimal digits." };
var minimum = new Option<long>("--minimum") { Description = "The smallest number of the pool." };
var maximum = new Option<long>("--maximum") { Description = "The largest number of the pool." };
var order = new Option<string?>("--order") { Description = "Whether the order is stored, the default, or computed." };
var imported = new Option<long?>("--imported") { Description = "How many numbers were imported. Default: none." };
var importedSha256 = new Option<string?>("--imported-sha256") { Description = "Their SHA-256, 64 hexadecimal digits." };
var commitment = new Option<string?>("--commitment")
{
    Description = "The commitment published before the first draw, 64 hexadecimal digits; with --pool of an extended pool, "
        + "those of its segments in their order, with commas between them.",
};
var log = new Option<string>("--log")
{
    Description = "The response of GET /pools/{pool}/draws, JSON lines or CSV: a file, or - for standard input.",
    Required = true,
};
var command = new RootCommand("Checks that an exported draw log of UniqueRandom follows the order of its seed.")
{
    statusFile, seed, minimum, maximum, order, imported, importedSha256, commitment, log,
};

var parsed = command.Parse(args);
if (parsed.Action is not null && parsed.Errors.Count == 0)
    return parsed.Invoke();

try
{
    if (parsed.Errors is [var mistake, ..])
        throw new BadInputException($"{mistake.Message} --help lists the switches.");
    var pool = parsed.GetValue(statusFile) is { } file ? FromStatus(file) : FromSwitches();
    var finding = OrderAudit.Check(pool, Lines(parsed.GetValue(log)!));
    Console.WriteLine(finding.Sentence);
    return finding.Holds ? 0 : 1;
}
catch (FormatException badLine)
{
    return Refuse($"The log can't be checked: {badLine.Message}");
}
catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
{
    return Refuse($"{unreadable.Message} Name a file that can be read.");
}
catch (Exception refusal) when (refusal is BadInputException or InvalidDataException or InsufficientMemoryException)
{
    return Refuse(refusal.Message);
}

AuditedPool FromSwitches()
{
    if (parsed.GetValue(seed) is not { } digits || parsed.GetResult(minimum) is null || parsed.GetResult(maximum) is null)
        throw new BadInputException("Give --pool with the file of a pool's status, or --seed, --minimum and --maximum.");
    var kind = ExportedStatus.ReadOrder(parsed.GetValue(order) ?? "stored", "--order");
    var range = ExportedStatus.ReadRange(parsed.GetValue(minimum), parsed.GetValue(maximum), "--minimum and --maximum", kind);
    var published = parsed.GetValue(commitment) is { } given ? ExportedStatus.ReadCommitment(given) : null;
    var list = ExportedStatus.ReadImported(
        parsed.GetValue(imported), parsed.GetValue(importedSha256), "--imported and --imported-sha256", range, kind);
    return new AuditedPool(range, ExportedStatus.ReadSeed(digits, "--seed"), published, Drawn: null, kind) { Imported = list };
}

AuditedPool FromStatus(string file)
{
    Option[] others = [seed, minimum, maximum, order, imported, importedSha256];
    if (others.FirstOrDefault(option => parsed.GetResult(option) is not null) is { } other)
        throw new BadInputException($"--pool has seed, range, order and imported numbers; leave out {other.Name}.");
    return ExportedStatus.Read(string.Join('\n', Lines(file)), file, parsed.GetValue(commitment));
}

// Opens the file at once, so that a missing file is reported before the shuffle.
static IEnumerable<string> Lines(string path) => path switch
{
    "" => throw new BadInputException("A file has no name; --help lists the switches."),
    "-" => StandardInput(),
    _ => File.ReadLines(path),
};

static IEnumerable<string> StandardInput()
{
    using var input = new StreamReader(Console.OpenStandardInput());
    while (input.ReadLine() is { } line)
        yield return line;
}

static int Refuse(string message)
{
    Console.Error.WriteLine(message);
    return 2;
}

internal sealed class BadInputException(string message) : Exception(message);
