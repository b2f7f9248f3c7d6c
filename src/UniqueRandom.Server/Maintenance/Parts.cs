using UniqueRandom.Server.Terminal;
using UniqueRandom.Storage;

namespace UniqueRandom.Server.Maintenance;

/// <summary>Converts a part of the work to a whole number. Not on another thread, unlike <see cref="Progress{T}"/>.</summary>
internal sealed class Parts(Action<long> reached) : IProgress<double>, IProgress<CheckProgress>
{
    private const int All = 1000;

    /// <summary>Shows a bar on a terminal while something runs.</summary>
    public static Task<T> TrackAsync<T>(string what, Func<Parts, Task<T>> work) =>
        new Output(isJson: false).TrackAsync(what, All, reached => work(new Parts(reached)));

    public void Report(double value) => reached((long)(value * All));

    public void Report(CheckProgress value) => Report((double)value.Checked / Math.Max(value.Total, 1));
}
