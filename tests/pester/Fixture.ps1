# What the tests of this folder share: dot-source it in BeforeAll, then call Start-Simulator, and Stop-Simulator in
# AfterAll. It runs in Windows PowerShell too, so it is plain ASCII and knows no operator of PowerShell 7.

function Get-Checkout {
    [IO.Path]::GetFullPath([IO.Path]::Combine($PSScriptRoot, '..', '..'))
}

# The manifest of the module that is tested; DRMM_MODULE names the folder of another one. (A folder alone could not be
# imported where it has a version for its name.)
function Get-ModulePath {
    $folder = if ($env:DRMM_MODULE) { $env:DRMM_MODULE } else { [IO.Path]::Combine((Get-Checkout), 'out', 'DattoRMM') }
    [IO.Path]::Combine($folder, 'DattoRMM.psd1')
}

# The simulator's program, the optimised one if there is one; DRMM_SIM names another one.
function Get-SimulatorProgram {
    if ($env:DRMM_SIM) {
        return $env:DRMM_SIM
    }
    $target = if ($env:CARGO_TARGET_DIR) { $env:CARGO_TARGET_DIR } else { 'target' }
    $name = if ([IO.Path]::DirectorySeparatorChar -eq '\') { 'drmm-sim.exe' } else { 'drmm-sim' }
    $places = foreach ($configuration in 'release', 'debug') {
        [IO.Path]::Combine((Get-Checkout), $target, $configuration, $name)
    }
    $places | Where-Object { [IO.File]::Exists($_) } | Select-Object -First 1
}

# Starts a simulator on a free port, imports the module and connects to it. The simulator ends with this process,
# however that ends, because it watches its standard input.
function Start-Simulator([string] $Options = '--devices 40 --sites 3') {
    $start = [Diagnostics.ProcessStartInfo]::new((Get-SimulatorProgram), "--watch-stdin $Options")
    $start.UseShellExecute = $false
    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    $process = [Diagnostics.Process]::Start($start)
    $simulator = $process.StandardOutput.ReadLine() | ConvertFrom-Json
    $simulator | Add-Member -NotePropertyName process -NotePropertyValue $process
    Import-Module (Get-ModulePath) -Force
    Connect-DrmmApi -Url $simulator.url -Key $simulator.key -SecretKey $simulator.secret -ErrorAction Stop
    $simulator
}

# Closes the connection and ends the simulator.
function Stop-Simulator($Simulator) {
    Disconnect-DrmmApi
    $Simulator.process.StandardInput.Close()
    $Simulator.process.WaitForExit()
    $Simulator.process.Dispose()
}

# What the simulator received beside logins and looks at the quota, oldest first.
function Get-Received($Simulator) {
    # The engine of Windows PowerShell gives a list as one object.
    $all = Invoke-RestMethod "$($Simulator.control)/requests"
    $all | Where-Object { $_.path -notin '/auth/oauth/token', '/api/v2/system/request_rate' }
}

# Makes the simulator forget what it received.
function Clear-Received($Simulator) {
    Invoke-RestMethod "$($Simulator.control)/reset" -Method Post
}
