using System.Globalization;
using System.Text;
using CsCheck;
using Microsoft.AspNetCore.Http;
using UniqueRandom.Pools;
using UniqueRandom.Server.Pools;
using UniqueRandom.Server.Requests;
using UniqueRandom.Testing.Search;

namespace UniqueRandom.Server.Tests.Import;

/// <summary>Damaged bodies of imports: each is refused with a problem, or has the numbers that its lines say.</summary>
public sealed class DamagedImportTests(ITestOutputHelper output)
{
    private static readonly PoolRange Range = new(-9, 1_000_000);

    private static readonly Gen<byte[]> Bodies = Gen.OneOf(
        "{\"minimum\":-9,\"maximum\":1000000}\n7\n-3\n1000000\n0\n",
        "{}\r\n 10\r\n\r\n9\t\r\n8",
        "{\"order\":null}\n-9\n-8\n-7\n123456\n").Select(Encoding.UTF8.GetBytes);

    [Fact]
    public Task A_body_is_refused_or_has_the_numbers_of_its_lines() => InputSearch.RunAsync(
        Bodies.Mutated(),
        bytes =>
        {
            try
            {
                var context = new DefaultHttpContext { Request = { Body = new MemoryStream(bytes) } };
                var body = new ImportedBody(context);
                body.ReadDefinitionAsync("minimum", "maximum", "order").AsTask().GetAwaiter().GetResult();
                using var numbers = body.ReadNumbersAsync(Range).AsTask().GetAwaiter().GetResult();
                var read = new uint[numbers.Count];
                var from = 0L;
                numbers.Copy(ref from, read);
                Assert.Equal(NumbersIn(bytes), read.Select(offset => Range.NumberAt(offset)));
                return true;
            }
            catch (RefusedException refused)
            {
                Assert.Equal(StatusCodes.Status400BadRequest, refused.Problem.StatusCode);
                return false;
            }
        },
        output);

    private static IEnumerable<long> NumbersIn(byte[] bytes) => Encoding.Latin1.GetString(bytes).Split('\n').Skip(1)
        .Select(line => line.Trim(' ', '\t', '\r'))
        .Where(line => line.Length > 0)
        .Select(line => long.Parse(line, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture))
        .Order();
}
