using System.Globalization;
using System.Text;

namespace Mlp;

/// <summary>A text file that a run adds lines to. After a resumption it holds no line that the run has not come to yet.</summary>
/// <param name="path">The file.</param>
internal sealed class LogFile(string path)
{
    private long _length;
    private bool _continues;

    /// <summary>Whether no line has been written.</summary>
    public bool IsEmpty => _length == 0;

    /// <summary>What a checkpoint keeps: how long the file is, which so far is on disk then.</summary>
    public string Save()
    {
        if (_length > 0)
        {
            using FileStream file = Open();
            file.Flush(flushToDisk: true);
        }

        return _length.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Has the next run go on with the file.</summary>
    /// <exception cref="InvalidDataException">The state is none of a log.</exception>
    public void Continue(string state)
    {
        if (!long.TryParse(state, NumberStyles.None, CultureInfo.InvariantCulture, out _length))
        {
            throw new InvalidDataException($"The checkpoint's state of the log '{path}' is '{QuotedText.Of(state)}', not a number of bytes.");
        }

        _continues = true;
    }

    /// <summary>Begins a run: replaces the file by an empty one, or cuts back the one to go on with.</summary>
    /// <exception cref="IOException">The file cannot be written, or has lost what the checkpoint knows.</exception>
    public void Begin()
    {
        _length = _continues ? _length : 0;
        long found = _length > 0 && File.Exists(path) ? new FileInfo(path).Length : 0;
        if (found < _length)
        {
            throw new IOException(
                $"The log '{path}' has {found} bytes, and had {_length} at the checkpoint. Put the whole file back, or begin a new run with checkpoints in another folder.");
        }

        _continues = false;
        using FileStream file = Open();
        file.SetLength(_length);
    }

    /// <summary>Adds text, which outlives the process from here on.</summary>
    public void Add(string text)
    {
        using FileStream file = Open();
        file.SetLength(_length);
        file.Position = _length;
        file.Write(Encoding.UTF8.GetBytes(text));
        _length = file.Position;
    }

    private FileStream Open() => new(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read | FileShare.Delete, bufferSize: 0);
}
